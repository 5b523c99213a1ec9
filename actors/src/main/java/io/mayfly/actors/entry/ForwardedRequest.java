package io.mayfly.actors.entry;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to the node of its key, which answers with a {@link ForwardedReply} of the
 * same number.
 *
 * @param number the sending node's own, never used again while it runs
 * @param sinceMillis as in {@link EntryRequest}
 * @param untilMillis as in {@link EntryRequest}
 * @param trace as in {@link EntryRequest}
 */
public record ForwardedRequest(
    long number,
    EntryId id,
    EntryCommand command,
    long sinceMillis,
    long untilMillis,
    @Nullable String trace)
    implements WireMessage {}
