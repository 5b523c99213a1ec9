package io.mayfly.actors.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.LeaseReply.Granted;
import io.mayfly.protocol.lease.LeaseTerms;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LeaseEntityTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "lease",
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config()));
  private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());
  private static final Duration STAY = Duration.ofMinutes(2);

  private final Stage stage = new Stage();
  private final Queue<ActorRef<LeaseRequest>> passivated = new ConcurrentLinkedQueue<>();
  private final Queue<LeaseRequest> resent = new ConcurrentLinkedQueue<>();
  private final TestProbe<LeaseReply> probe = KIT.createTestProbe();
  private final TestProbe<LeaseReply> waiter = KIT.createTestProbe();
  private final AtomicBoolean roomy = new AtomicBoolean(true);
  private final AtomicInteger held = new AtomicInteger();
  private final Telemetry telemetry =
      new Telemetry() {
        @Override
        public void leasesHeld(String namespace, int more) {
          held.addAndGet(more);
        }
      };
  private volatile Instant now = Stage.NOW;
  private final InstantSource clock = () -> now;
  private ActorRef<LeaseRequest> entity = KIT.system().ignoreRef().unsafeUpcast();
  private static int number;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void begin() {
    number++;
    spawn();
  }

  private io.mayfly.protocol.lease.LeaseId id() {
    return new io.mayfly.protocol.lease.LeaseId("ns", "lock-" + number);
  }

  private void spawn() {
    entity =
        KIT.spawn(
            LeaseEntity.create(
                id(),
                new LeaseSurroundings(
                    Contracts.of(namespace -> Stage.CONTRACT),
                    clock,
                    () -> 0,
                    new Pace(1000),
                    stage.limits,
                    5,
                    STAY,
                    roomy::get,
                    telemetry),
                passivated::add,
                resent::add));
  }

  private void send(LeaseCommand command, TestProbe<LeaseReply> replyTo) {
    entity.tell(new LeaseRequest(id(), command, replyTo.ref()));
  }

  private LeaseReply ask(LeaseCommand command) {
    send(command, probe);
    return probe.receiveMessage();
  }

  private Granted acquired() {
    return (Granted) ask(stage.acquire("a", 1, 30, 0));
  }

  @Test
  void resource_whenMemoryIsLow_isNotCreatedAndStandingOnesGoOn() {
    roomy.set(false);
    LeaseReply refused = ask(stage.acquire("a", 1, 30, 0));
    roomy.set(true);
    Granted lease = acquired();
    roomy.set(false);

    assertThat(((LeaseRefusal) refused).reason()).isEqualTo(LeaseRefusal.Reason.MEMORY_LOW);
    assertThat(ask(new LeaseCommand.Release(lease.leaseId(), LeaseTerms.NONE)))
        .isInstanceOf(LeaseReply.Released.class);
    assertThat(acquired().token()).isGreaterThan(lease.token());
  }

  @Test
  void command_whoseCallerGaveUp_isNotBegun() {
    entity.tell(
        new LeaseRequest(
            id(),
            stage.acquire("a", 1, 30, 0),
            probe.ref(),
            /* sinceMillis= */ 0,
            clock.instant().toEpochMilli(),
            null));

    assertThat(((LeaseRefusal) probe.receiveMessage()).reason())
        .isEqualTo(LeaseRefusal.Reason.NOT_BEGUN);
    assertThat(((LeaseRefusal) ask(LeaseCommand.Read.CURRENT)).reason())
        .isEqualTo(LeaseRefusal.Reason.UNKNOWN_LEASE);
  }

  @Test
  void waiter_isAnsweredWhenItsTurnComes() {
    Granted lease = acquired();
    send(stage.acquire("b", 1, 30, 20), waiter);

    ask(new LeaseCommand.Release(lease.leaseId(), LeaseTerms.NONE));

    assertThat(waiter.expectMessageClass(Granted.class).token()).isGreaterThan(lease.token());
  }

  @Test
  void stop_sendsWaitersAwayWithARetryableRefusal() {
    acquired();
    send(stage.acquire("b", 1, 30, 20), waiter);
    ask(LeaseCommand.Read.CURRENT);

    KIT.stop(entity);

    assertThat(waiter.expectMessageClass(LeaseRefusal.class).reason())
        .isEqualTo(LeaseRefusal.Reason.DRAINING);
  }

  @Test
  void restart_keepsLeasesAndTokens() {
    Granted lease = acquired();
    KIT.stop(entity);
    spawn();

    assertThat(ask(stage.acquire("b", 1, 30, 0))).isInstanceOf(LeaseRefusal.class);
    assertThat(ask(new LeaseCommand.Release(lease.leaseId(), LeaseTerms.NONE)))
        .isInstanceOf(LeaseReply.Released.class);
    assertThat(acquired().token()).isGreaterThan(lease.token());
  }

  @Test
  void failedWrite_isUnknown_sendsWaitersAway_andWhatIsStoredIsReadAgain() {
    Granted lease = acquired();
    TestProbe<LeaseReply> next = KIT.createTestProbe();
    send(stage.acquire("b", 1, 30, 20), next);
    send(stage.acquire("c", 1, 30, 20), waiter);
    JOURNAL.rejectNextPersisted(LeaseEntity.persistenceId(id()).id());

    LeaseReply unknown = ask(new LeaseCommand.Release(lease.leaseId(), LeaseTerms.NONE));
    LeaseReply away = waiter.receiveMessage();
    LeaseReply again = ask(stage.acquire("d", 1, 30, 0));

    assertThat(((LeaseRefusal) unknown).reason()).isEqualTo(LeaseRefusal.Reason.OUTCOME_UNKNOWN);
    assertThat(((LeaseRefusal) away).reason()).isEqualTo(LeaseRefusal.Reason.DRAINING);
    next.expectNoMessage(Duration.ZERO);
    assertThat(again).isInstanceOf(LeaseRefusal.class);
    assertThat(held).hasValue(1);
    assertThat(ask(new LeaseCommand.Release(lease.leaseId(), LeaseTerms.NONE)))
        .isInstanceOf(LeaseReply.Released.class);
    assertThat(held).hasValue(0);
  }

  @Test
  void snapshots_areRecoveredFrom() {
    for (int i = 0; i < 7; i++) {
      ask(new LeaseCommand.Release(acquired().leaseId(), LeaseTerms.NONE));
    }
    LeaseReply before = ask(LeaseCommand.Read.CURRENT);
    KIT.stop(entity);
    spawn();

    assertThat(ask(LeaseCommand.Read.CURRENT)).isEqualTo(before);
  }

  @Test
  void unusedResource_leavesTheMemory_unlessSomebodyWaits() {
    acquired();
    send(stage.acquire("b", 1, 30, 50), waiter);
    ask(LeaseCommand.Read.CURRENT);

    now = Stage.NOW.plusSeconds(20);
    ask(LeaseCommand.Settle.NOW);
    assertThat(passivated).isEmpty();
    now = Stage.NOW.plusSeconds(60).plus(STAY);
    ask(LeaseCommand.Settle.NOW);
    ask(LeaseCommand.Settle.NOW);

    assertThat(passivated).isNotEmpty();
    send(stage.acquire("d", 1, 30, 20), waiter);
    send(LeaseCommand.Read.CURRENT, probe);
    probe.receiveMessage();
    assertThat(resent).hasSize(1);
  }

  @Test
  void unknownResource_leavesTheMemoryAtOnce() {
    assertThat(ask(LeaseCommand.Read.CURRENT)).isInstanceOf(LeaseRefusal.class);
    ask(LeaseCommand.Settle.NOW);

    assertThat(passivated).isNotEmpty();
  }
}
