package io.mayfly.persistence.rocksdb;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.HistoryEvent.Kind;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.Told;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Recorded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event for tests. Only its text is stored. */
public record Noted(String text, LedgerChange ledgerChange, boolean forced)
    implements Recorded, Told {
  static final LedgerChange NOTHING = new LedgerChange(null, null, null, null, 0);

  /** An event that changes nothing in the ledger. */
  public static Noted of(String text) {
    return new Noted(text, NOTHING, false);
  }

  /** An event that must be forced to disk. */
  public static Noted forced(String text) {
    return new Noted(text, NOTHING, true);
  }

  /** An event that makes a change. */
  public static Noted of(LedgerChange change) {
    return new Noted("changed", change, false);
  }

  /** The end of all traces. */
  public static Noted purge(long incarnation) {
    return of(new LedgerChange(null, null, null, null, incarnation));
  }

  /** The feed tells of texts that name a namespace, a key and a revision. */
  @Override
  public @Nullable FeedEvent feedEvent() {
    String[] words = text.split(" ", -1);
    if (words.length != 3) {
      return null;
    }
    return new FeedEvent.OfEntry(
        new EntryId(words[0], words[1]),
        new HistoryEvent(
            new Version(1, Long.parseLong(words[2])),
            Instant.EPOCH,
            Kind.UPDATED,
            Outcome.REPLACED,
            Origin.UNKNOWN,
            Instant.EPOCH,
            null),
        null,
        0);
  }
}
