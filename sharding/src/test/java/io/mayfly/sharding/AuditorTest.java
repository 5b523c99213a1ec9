package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.Drift;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.protocol.ledger.LedgerRounds.Repair;
import io.mayfly.protocol.ledger.LedgerRounds.Stretch;
import io.mayfly.protocol.ledger.RoundsReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AuditorTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Auditor.Settings SETTINGS =
      new Auditor.Settings(Duration.ofMinutes(10), 0.1, Duration.ofMillis(5), 2, 20);

  private final ActorTestKit kit = ActorTestKit.create("auditor", ManualTime.config());
  private final ManualTime scheduler = ManualTime.get(kit.system());
  private final TestProbe<Asked> store = kit.createTestProbe(Asked.class);
  private final TestProbe<Looked> looks = kit.createTestProbe(Looked.class);
  private final TestProbe<EntryId> restarts = kit.createTestProbe(EntryId.class);
  private final TestProbe<RoundsReport> reports = kit.createTestProbe(RoundsReport.class);

  /** The store is asked for a stretch. */
  private record Asked(CompletableFuture<Stretch> answer) {}

  /** A key is asked whether it agrees. */
  private record Looked(EntryId id, CompletableFuture<Witness.Verdict> answer) {}

  private final class FakeRounds implements LedgerRounds {
    @Override
    public CompletionStage<Stretch> next(Duration budget) {
      CompletableFuture<Stretch> answer = new CompletableFuture<>();
      store.getRef().tell(new Asked(answer));
      return answer;
    }

    @Override
    public CompletionStage<Optional<Account>> account(EntryId id) {
      return CompletableFuture.completedStage(Optional.empty());
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void start() {
    Auditor.Ports ports =
        new Auditor.Ports(
            new FakeRounds(),
            id -> {
              CompletableFuture<Witness.Verdict> answer = new CompletableFuture<>();
              looks.getRef().tell(new Looked(id, answer));
              return answer;
            },
            id -> !id.namespace().equals("volatile"),
            new LogNames(Contracts.of(namespace -> Contract.STANDARD)),
            restarts.getRef()::tell,
            reports.getRef()::tell);
    kit.spawn(Auditor.create(() -> NOW, SETTINGS, ports));
  }

  private void answer(Stretch stretch) {
    store.receiveMessage().answer().complete(stretch);
  }

  private void answerLook(Witness.Verdict verdict) {
    looks.receiveMessage().answer().complete(verdict);
  }

  /** The next report that a round's end or failure makes. */
  private RoundsReport nextOutcome() {
    return reports
        .fishForMessage(
            Duration.ofSeconds(10),
            report ->
                report.running() ? FishingOutcomes.continueAndIgnore() : FishingOutcomes.complete())
        .get(0);
  }

  private static EntryId id(String key) {
    return new EntryId("ns", key);
  }

  private static Repair repair(Drift drift, EntryId id) {
    return new Repair(drift, Rounds.NAMES.of(id), id, "");
  }

  private static Stretch stretch(long rows, boolean last, Repair... repairs) {
    return new Stretch(rows, List.of(repairs), null, Duration.ofMillis(10), last);
  }

  @Test
  void round_whenComplete_isReportedWithItsRepairsByKind() {
    start();
    answer(stretch(100, false, repair(Drift.MISSING_WAKE, id("a"))));
    answerLook(Witness.Verdict.AGREES);
    scheduler.timePasses(Duration.ofMillis(90));

    answer(stretch(50, true, repair(Drift.UNREADABLE, id("b"))));

    RoundsReport report = nextOutcome();
    assertThat(report.completed()).isEqualTo(1);
    assertThat(report.lastEndedAt()).isEqualTo(NOW);
    assertThat(report.lastWorked()).isEqualTo(Duration.ofMillis(20));
    assertThat(report.lastRows()).isEqualTo(150);
    assertThat(report.lastRepairs()).isEqualTo(1);
    assertThat(report.found()).isEqualTo(Map.of(Drift.MISSING_WAKE, 1L, Drift.UNREADABLE, 1L));
    assertThat(report.actors()).isEqualTo(1);
    assertThat(report.differingActors()).isZero();
  }

  @Test
  void stretch_isFollowedByARestThatKeepsTheShare() {
    start();

    answer(stretch(1, false));
    reports.receiveMessage();
    scheduler.expectNoMessageFor(Duration.ofMillis(89), store);
    scheduler.timePasses(Duration.ofMillis(1));

    assertThat(store.receiveMessage()).isNotNull();
  }

  @Test
  void keyThatDiffers_isStopped() {
    start();
    answer(
        stretch(
            1,
            true,
            repair(Drift.WRONG_LISTING, id("strayed")),
            repair(Drift.EXTRA_WAKE, id("strayed")),
            repair(Drift.MISSING_EXPIRY, new EntryId("volatile", "left-out"))));

    answerLook(Witness.Verdict.DIFFERS);

    assertThat(restarts.receiveMessage()).isEqualTo(id("strayed"));
    assertThat(nextOutcome().differingActors()).isEqualTo(1);
    looks.expectNoMessage(Duration.ZERO);
  }

  @Test
  void examples_areAskedUntilTheSampleIsFull() {
    start();
    for (int i = 0; i < 4; i++) {
      answer(new Stretch(1, List.of(), id("k" + i), Duration.ZERO, i == 3));
      if (i < SETTINGS.sample()) {
        assertThat(looks.receiveMessage())
            .satisfies(look -> look.answer().complete(Witness.Verdict.UNKNOWN));
      }
      scheduler.timePasses(Duration.ofMillis(1));
    }

    RoundsReport report = nextOutcome();

    assertThat(report.actors()).isEqualTo(SETTINGS.sample());
    assertThat(report.differingActors()).isZero();
    restarts.expectNoMessage(Duration.ZERO);
  }

  @Test
  void roundThatBreaksOff_isReportedAndBegunAgainAfterTheInterval() {
    start();
    store.receiveMessage().answer().completeExceptionally(new IllegalStateException("closed"));

    assertThat(nextOutcome().failure()).contains("closed");
    scheduler.timePasses(SETTINGS.interval());
    answer(stretch(1, true));

    RoundsReport report = nextOutcome();
    assertThat(report.failure()).isNull();
    assertThat(report.completed()).isEqualTo(1);
  }

  @Test
  void share_outOfBounds_isRefused() {
    assertThatThrownBy(
            () -> new Auditor.Settings(Duration.ofMinutes(1), 0, Duration.ofMillis(5), 2, 20))
        .hasMessageContaining("share");
  }
}
