package io.mayfly.actors.entry;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EntryReply;
import org.jspecify.annotations.Nullable;

/**
 * What a node answers to a {@link ForwardedRequest}.
 *
 * @param number the request's
 * @param elsewhere whether the key lives on another node than the one that was asked
 * @param reply absent when the request was not taken: then nothing was begun, nor will be
 */
public record ForwardedReply(long number, boolean elsewhere, @Nullable EntryReply reply)
    implements WireMessage {}
