package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SweeperTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Sweeper.Settings SETTINGS =
      new Sweeper.Settings(
          Duration.ofMillis(200),
          Duration.ofMillis(100),
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(1));

  private record Woken(Wake wake, Instant at, Runnable done) {}

  private final ActorTestKit kit = ActorTestKit.create("sweeper", ManualTime.config());
  private final ManualTime scheduler = ManualTime.get(kit.system());
  private final TestProbe<Woken> woken = kit.createTestProbe(Woken.class);
  private final AtomicInteger passes = new AtomicInteger();
  private final FakeLedger ledger = new FakeLedger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile Instant now = NOW;
  private volatile boolean failing;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private final class FakeLedger implements Ledger {
    private final NavigableSet<Wake> wakes =
        new ConcurrentSkipListSet<>(
            Comparator.comparing(Wake::at).thenComparing(Wake::persistenceId));

    @Override
    public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
      if (slice == SLICES - 1) {
        passes.incrementAndGet();
      }
      if (failing) {
        failures.incrementAndGet();
        return CompletableFuture.failedStage(new IllegalStateException("closed"));
      }
      return CompletableFuture.completedStage(
          wakes.tailSet(after, false).stream()
              .filter(wake -> Ledger.sliceOf(wake.persistenceId()) == slice)
              .takeWhile(wake -> !wake.at().isAfter(until))
              .limit(limit)
              .toList());
    }

    @Override
    public CompletionStage<List<LedgerRow>> list(ListQuery query) {
      return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<Map<String, Long>> counts() {
      return CompletableFuture.completedStage(Map.of());
    }

    @Override
    public long highestPurgedIncarnation() {
      return 0;
    }
  }

  private void start() {
    kit.spawn(
        Sweeper.create(
            0,
            1,
            ledger,
            () -> now,
            SETTINGS,
            (wake, done) -> woken.getRef().tell(new Woken(wake, now, done))));
  }

  /** Wakes of one slice, all due at one instant. */
  private List<Wake> sameInstant(int count, Instant at) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> "entry|ns/k" + i)
        .filter(id -> Ledger.sliceOf(id) == 5)
        .limit(count)
        .map(id -> new Wake(id, at))
        .toList();
  }

  private void pass(Duration duration) {
    now = now.plus(duration);
    scheduler.timePasses(duration);
  }

  /** Time passes until a key is woken: the sweeper's timer may start a little after a step. */
  private Woken passUntilWoken(Duration step) {
    return woken.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          pass(step);
          return woken.receiveMessage(Duration.ofMillis(100));
        });
  }

  private void passUntilEndOfPasses(int more) {
    int target = passes.get() + more;
    woken.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          pass(SETTINGS.interval());
          assertThat(passes.get()).isGreaterThanOrEqualTo(target);
          return passes;
        });
  }

  private void settle(Woken waking) {
    ledger.wakes.remove(waking.wake());
    waking.done().run();
  }

  @Test
  void overdueKey_isWokenAfterItsGrace() {
    ledger.wakes.addAll(sameInstant(1, NOW.plusMillis(950)));
    start();

    Woken first = passUntilWoken(Duration.ofMillis(50));

    assertThat(first.at()).isAfterOrEqualTo(NOW.plusMillis(950).plus(SETTINGS.grace()));
  }

  @Test
  void keysOfOneInstant_areWokenInBatchesThatWaitForTheirAnswers() {
    List<Wake> wakes = sameInstant(7, NOW.minusSeconds(60));
    ledger.wakes.addAll(wakes);
    start();

    List<Woken> all = new ArrayList<>(List.of(passUntilWoken(SETTINGS.interval())));
    all.addAll(woken.receiveSeveralMessages(2));
    settle(all.get(0));
    settle(all.get(1));
    woken.expectNoMessage(Duration.ofMillis(50));
    settle(all.get(2));
    List<Woken> second = woken.receiveSeveralMessages(3);
    second.forEach(this::settle);
    Woken last = woken.receiveMessage();
    settle(last);

    all.addAll(second);
    all.add(last);
    assertThat(all).extracting(Woken::wake).containsExactlyInAnyOrderElementsOf(wakes);
  }

  @Test
  void keyThatDoesNotAnswer_holdsUpItsBatchForThePatienceAlone() {
    ledger.wakes.addAll(sameInstant(4, NOW.minusSeconds(60)));
    start();
    Woken silent = passUntilWoken(SETTINGS.interval());
    List<Woken> others = woken.receiveSeveralMessages(2);
    others.forEach(this::settle);
    woken.expectNoMessage(Duration.ofMillis(50));

    Woken fourth = passUntilWoken(SETTINGS.patience());

    assertThat(fourth.wake()).isNotEqualTo(silent.wake());
    settle(silent);
    settle(fourth);
    passUntilEndOfPasses(2);
    woken.expectNoMessage(Duration.ZERO);
  }

  @Test
  void keyThatRemains_isWokenAgainInTheNextPass() {
    ledger.wakes.addAll(sameInstant(1, NOW.minusSeconds(3600)));
    start();
    for (int i = 0; i < 3; i++) {
      passUntilWoken(SETTINGS.interval()).done().run();
    }

    settle(passUntilWoken(SETTINGS.interval()));

    passUntilEndOfPasses(2);
    woken.expectNoMessage(Duration.ZERO);
  }

  @Test
  void keyWhoseRowCameTooLate_isWokenByTheNextFullPass() {
    start();
    passUntilEndOfPasses(2);
    Wake late = sameInstant(1, NOW.minusSeconds(3600)).get(0);
    ledger.wakes.add(late);
    passUntilEndOfPasses(2);
    woken.expectNoMessage(Duration.ZERO);

    Woken found = passUntilWoken(SETTINGS.fullPassInterval());

    assertThat(found.wake()).isEqualTo(late);
  }

  @Test
  void ledgerThatFails_isAskedAgain() {
    failing = true;
    ledger.wakes.addAll(sameInstant(1, NOW.minusSeconds(60)));
    start();
    passUntilFailed();

    failing = false;

    assertThat(passUntilWoken(SETTINGS.interval()).wake().at()).isEqualTo(NOW.minusSeconds(60));
  }

  private void passUntilFailed() {
    woken.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          pass(SETTINGS.interval());
          assertThat(failures.get()).isPositive();
          return failures;
        });
  }
}
