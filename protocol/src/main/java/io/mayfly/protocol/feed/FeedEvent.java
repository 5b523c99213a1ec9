package io.mayfly.protocol.feed;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import io.mayfly.protocol.lease.LeaseId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One thing that happened, of which watchers are told. */
public sealed interface FeedEvent {
  /** What it happened to: the key of an entry, or the name of a resource that is leased. */
  String name();

  /** The word of what happened. */
  String kind();

  /** When it happened. */
  Instant at();

  /**
   * One event of an entry.
   *
   * @param value the value that it brought; absent where it brought none
   * @param lateMillis of an end, how long after its instant it was announced; else 0
   */
  record OfEntry(EntryId id, HistoryEvent event, @Nullable Value value, long lateMillis)
      implements FeedEvent {
    @Override
    public String name() {
      return id.key();
    }

    @Override
    public String kind() {
      return event.kind().text();
    }

    @Override
    public Instant at() {
      return event.at();
    }
  }

  /** One event of a resource that is leased. */
  record OfLease(LeaseId id, LeaseHistoryEvent event) implements FeedEvent {
    @Override
    public String name() {
      return id.name();
    }

    @Override
    public String kind() {
      return event.kind().text();
    }

    @Override
    public Instant at() {
      return event.at();
    }
  }
}
