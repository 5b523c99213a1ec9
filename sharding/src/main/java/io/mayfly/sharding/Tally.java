package io.mayfly.sharding;

import io.mayfly.protocol.ledger.Drift;
import io.mayfly.protocol.ledger.LedgerRounds.Stretch;
import io.mayfly.protocol.ledger.RoundsReport;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What rounds came to so far: of the one under way, and of all. */
final class Tally {
  private final Map<Drift, Long> found = new EnumMap<>(Drift.class);
  private RoundsReport report = RoundsReport.NONE;
  private @Nullable Instant startedAt;
  private Duration worked = Duration.ZERO;
  private long rows;
  private long repairs;
  private long actors;
  private long differing;

  /** A round begins. */
  void begin(Instant now) {
    startedAt = now;
    worked = Duration.ZERO;
    rows = 0;
    repairs = 0;
  }

  void add(Stretch stretch) {
    worked = worked.plus(stretch.worked());
    rows += stretch.rows();
    stretch
        .repairs()
        .forEach(
            repair -> {
              found.merge(repair.drift(), 1L, Long::sum);
              repairs += repair.drift().repairable() ? 1 : 0;
            });
  }

  void asked(boolean differs) {
    actors++;
    differing += differs ? 1 : 0;
  }

  /** The round is complete. */
  void end(Instant now) {
    Instant started = startedAt == null ? now : startedAt;
    startedAt = null;
    report =
        new RoundsReport(
            report.completed() + 1,
            false,
            now,
            Duration.between(started, now),
            worked,
            rows,
            repairs,
            Map.of(),
            0,
            0,
            null);
  }

  /** The round broke off. */
  void fail(String cause) {
    startedAt = null;
    report = report(cause);
  }

  /** What can be said now. */
  RoundsReport report() {
    return report(startedAt == null ? report.failure() : null);
  }

  private RoundsReport report(@Nullable String failure) {
    return new RoundsReport(
        report.completed(),
        startedAt != null,
        report.lastEndedAt(),
        report.lastDuration(),
        report.lastWorked(),
        report.lastRows(),
        report.lastRepairs(),
        Map.copyOf(found),
        actors,
        differing,
        failure);
  }
}
