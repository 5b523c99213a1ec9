package io.mayfly.actors.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.wire.WireSerializer;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.LeaseReply.Granted;
import io.mayfly.protocol.lease.LeaseTerms;
import io.mayfly.protocol.ledger.LedgerChange;
import java.io.NotSerializableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ten minutes of a semaphore of seven under random clients, crashes and timers that come late,
 * against a second account of who holds what. Most clients ask for one to four permits and are
 * enough to keep some of them taken all the time; now and then one waits a minute for all seven.
 * {@code -Dmayfly.seed} runs one seed.
 */
final class LeaseSimulationTest {
  private static final int CAPACITY = 7;
  private static final ActorTestKit KIT = ActorTestKit.create("lease-simulation");
  private static final WireSerializer WIRE =
      new WireSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));

  private final Map<String, Granted> held = new LinkedHashMap<>();
  private final Map<String, Acquire> asked = new LinkedHashMap<>();
  private final List<String> arrivals = new ArrayList<>();
  private final List<Long> restingUntil = new ArrayList<>();
  private final List<Integer> restingPermits = new ArrayList<>();
  private @Nullable Instant wake;
  private long highestToken;

  /** Requests for all permits that wait, and that nobody took out of the queue. */
  private final Set<String> large = new HashSet<>();

  private int largeGranted;
  private int largeStarved;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  static LongStream seeds() {
    Long one = Long.getLong("mayfly.seed");
    return one == null ? LongStream.range(0, 200) : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void semaphore_underRandomClients_keepsItsPromises(long seed) {
    Random random = new Random(seed);
    String what = "-Dmayfly.seed=" + seed;
    double cooldown = random.nextInt(3) == 0 ? 0.5 : 0;
    Stage stage = new Stage();
    stage.limits = new LeaseLimits(64, 1000, Duration.ofSeconds(60));
    step(stage, Stage.define(CAPACITY, cooldown), cooldown, what);
    double now = 0;
    while (now < 600) {
      now += random.nextDouble() * 0.4;
      stage.at(now);
      if (random.nextInt(400) == 0) {
        crash(stage);
      }
      step(stage, command(stage, random), cooldown, what);
    }
    large.clear();
    stage.at(now + 70);
    step(stage, LeaseCommand.Settle.NOW, cooldown, what);
    stage.at(now + 140);
    step(stage, LeaseCommand.Settle.NOW, cooldown, what);

    assertThat(stage.queue.isEmpty()).as(what).isTrue();
    assertThat(Stage.said(stage.send(LeaseCommand.Read.CURRENT).reply()))
        .as(what)
        .isEqualTo("found 7 of 7, 0 wait");
    assertThat(largeGranted).as(what + ": large requests are served").isPositive();
    assertThat(largeStarved).as(what + ": large requests that were not").isZero();
    LeaseState replayed = LeaseState.initial();
    for (LeaseEvent event : stage.events) {
      replayed = event.applyTo(replayed);
    }
    assertThat(replayed).as(what).isEqualTo(stage.state);
    assertThat(roundTripped(stage.state)).as(what).isEqualTo(stage.state);
  }

  private LeaseCommand command(Stage stage, Random random) {
    int kind = random.nextInt(12);
    List<String> leases = List.copyOf(held.keySet());
    if (kind < 5) {
      int permits = random.nextInt(40) == 0 ? CAPACITY : 1 + random.nextInt(4);
      double patience = permits == CAPACITY ? 60 : random.nextInt(3) * random.nextDouble() * 20;
      return stage.acquire("h", permits, 1 + random.nextDouble() * 5, patience);
    }
    if (kind < 9 && !leases.isEmpty()) {
      return new LeaseCommand.Release(leases.get(random.nextInt(leases.size())), LeaseTerms.NONE);
    }
    if (kind == 9 && !leases.isEmpty()) {
      return new LeaseCommand.Renew(
          leases.get(random.nextInt(leases.size())),
          Stage.duration(1 + random.nextDouble() * 5),
          LeaseTerms.NONE);
    }
    if (kind == 10 && random.nextInt(4) == 0 && !arrivals.isEmpty()) {
      return new LeaseCommand.Leave(arrivals.get(random.nextInt(arrivals.size())));
    }
    return kind == 11 ? LeaseCommand.Read.CURRENT : LeaseCommand.Settle.NOW;
  }

  /** The process dies: who waits is forgotten, what was written comes back from its bytes. */
  private void crash(Stage stage) {
    stage.queue = Queue.EMPTY;
    arrivals.clear();
    large.clear();
    stage.state = (LeaseState) roundTripped(stage.state);
  }

  private void step(Stage stage, LeaseCommand command, double cooldown, String what) {
    forgetWhatEnded(stage.nowMillis, cooldown);
    int before = stage.events.size();
    Decision decision = stage.send(command);
    if (command instanceof LeaseCommand.Release release
        && decision.reply().orElseThrow() instanceof LeaseReply.Released) {
      Granted over = held.remove(release.leaseId());
      if (over != null) {
        rest(over, stage.nowMillis, cooldown);
      }
    }
    if (command instanceof LeaseCommand.Leave leave) {
      arrivals.remove(leave.nonce());
      large.remove(leave.nonce());
    }
    if (command instanceof Acquire acquire) {
      asked.put(acquire.nonce(), acquire);
    }
    for (Decision.Answer answer : decision.answers()) {
      boolean ofLarge = large.remove(answer.nonce());
      if (answer.reply() instanceof Granted granted) {
        assertThat(arrivals.get(0)).as(what + ": first come").isEqualTo(answer.nonce());
        take(granted, stage.nowMillis, what);
      } else if (ofLarge) {
        largeStarved++;
      }
      arrivals.remove(answer.nonce());
    }
    if (command instanceof Acquire acquire && decision.reply().isEmpty()) {
      arrivals.add(acquire.nonce());
      if (acquire.permits() == CAPACITY) {
        large.add(acquire.nonce());
      }
    }
    decision
        .reply()
        .filter(Granted.class::isInstance)
        .map(Granted.class::cast)
        .ifPresent(
            granted -> {
              if (command instanceof Acquire) {
                assertThat(arrivals).as(what + ": nobody is overtaken").isEmpty();
                take(granted, stage.nowMillis, what);
              } else {
                held.put(granted.leaseId(), granted);
              }
            });
    check(stage, before, what);
  }

  private void take(Granted granted, long nowMillis, String what) {
    assertThat(granted.token()).as(what).isGreaterThan(highestToken);
    highestToken = granted.token();
    held.put(granted.leaseId(), granted);
    largeGranted += granted.permits() == CAPACITY ? 1 : 0;
    assertThat(taken(nowMillis)).as(what).isLessThanOrEqualTo(CAPACITY);
  }

  private int taken(long nowMillis) {
    int taken = held.values().stream().mapToInt(Granted::permits).sum();
    for (int i = 0; i < restingUntil.size(); i++) {
      taken += restingUntil.get(i) > nowMillis ? restingPermits.get(i) : 0;
    }
    return taken;
  }

  private void forgetWhatEnded(long nowMillis, double cooldown) {
    for (Granted granted : List.copyOf(held.values())) {
      long end = granted.expiresAt().toEpochMilli();
      if (end <= nowMillis) {
        held.remove(granted.leaseId());
        rest(granted, end, cooldown);
      }
    }
  }

  private void rest(Granted over, long endMillis, double cooldown) {
    restingUntil.add(endMillis + Math.round(cooldown * 1000));
    restingPermits.add(over.permits());
  }

  private void check(Stage stage, int before, String what) {
    Waiter head = stage.queue.head();
    int free = CAPACITY - taken(stage.nowMillis);
    assertThat(stage.state.resource().available(stage.nowMillis)).as(what).isEqualTo(free);
    if (head != null) {
      assertThat(head.acquire().permits()).as(what + ": the head is served").isGreaterThan(free);
      assertThat(head.untilMillis()).as(what).isGreaterThan(stage.nowMillis);
    }
    for (LeaseEvent event : stage.events.subList(before, stage.events.size())) {
      LedgerChange change = event.ledgerChange();
      assertThat(change.wakeBefore()).as(what).isEqualTo(wake);
      assertThat(change.after()).as(what).isNull();
      wake = change.wakeAfter();
      if (stage.events.size() % 16 == 0) {
        assertThat(roundTripped(event)).as(what).isEqualTo(event);
      }
    }
    assertThat(wake).as(what).isEqualTo(Instant.ofEpochMilli(stage.state.wakeAtMillis()));
  }

  private static Object roundTripped(Object message) {
    try {
      return WIRE.fromBinary(WIRE.toBinary(message), WIRE.manifest(message));
    } catch (NotSerializableException e) {
      throw new AssertionError(e);
    }
  }
}
