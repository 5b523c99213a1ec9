package io.mayfly.protocol.feed;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.Value;
import org.jspecify.annotations.Nullable;

/**
 * One event of an entry.
 *
 * @param value the value that it brought; absent where it brought none
 * @param lateMillis of an end, how long after its instant it was announced; else 0
 */
public record FeedEvent(EntryId id, HistoryEvent event, @Nullable Value value, long lateMillis) {}
