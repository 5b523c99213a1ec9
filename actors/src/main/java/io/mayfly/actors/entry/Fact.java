package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.HistoryEvent.Kind;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;

/**
 * What every event of an entry says.
 *
 * @param version the version after the event
 * @param wakeBeforeMillis the wake-up that stood before the event, or 0
 * @param keep how many events the story keeps from now on
 * @param forced whether the event must be on disk before it is acknowledged
 */
public record Fact(
    EntryId id,
    Version version,
    long atMillis,
    Origin origin,
    long wakeBeforeMillis,
    int keep,
    boolean forced) {

  static Fact of(Version version, Origin origin, long wakeBeforeMillis, Situation situation) {
    return new Fact(
        situation.id(),
        version,
        situation.nowMillis(),
        origin,
        wakeBeforeMillis,
        situation.contract().history().revisions(),
        situation.forced());
  }

  HistoryEvent told(Kind kind, Outcome outcome, long expiresAtMillis) {
    return new HistoryEvent(
        version,
        Instant.ofEpochMilli(atMillis),
        kind,
        outcome,
        origin,
        Instant.ofEpochMilli(expiresAtMillis),
        null);
  }
}
