package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.lease.LeaseRequest;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.telemetry.Telemetry;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Pekko drops. */
final class LostRequestsTest {
  private static final ActorTestKit KIT = ActorTestKit.create("lost");

  private static final ActorRef<EntryRequest> STOPPED = KIT.spawn(Behaviors.ignore());
  private static final TestProbe<EntryRequest> NEXT = KIT.createTestProbe();

  private final TestProbe<EntryReply> entries = KIT.createTestProbe(EntryReply.class);
  private final EntryRequest request =
      new EntryRequest(new EntryId("ns", "k"), EntryCommand.Read.CURRENT, entries.getRef());

  @BeforeAll
  static void refuse() {
    LostRequests.find(KIT.system(), Telemetry.NONE, LostRequestsTest::again);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** Sends on what came to an actor whose way is known. */
  private static boolean again(EntryRequest request, org.apache.pekko.actor.ActorRef stopped) {
    if (!stopped.equals(Adapter.toClassic(STOPPED))) {
      return false;
    }
    NEXT.ref().tell(request);
    return true;
  }

  private static void publish(Object lost) {
    Adapter.toClassic(KIT.system()).eventStream().publish(lost);
  }

  private static Dropped dropped(Object message, String reason) {
    return Dropped.apply(message, reason, Adapter.toClassic(KIT.system().deadLetters()));
  }

  private Refusal.Reason reason() {
    return ((Refusal) entries.receiveMessage()).reason();
  }

  @Test
  void request_thatBecameADeadLetter_isRefused() {
    Adapter.toClassic(KIT.system())
        .deadLetters()
        .tell(request, org.apache.pekko.actor.ActorRef.noSender());

    assertThat(reason()).isEqualTo(Refusal.Reason.NODE_OVERLOADED);
  }

  @Test
  void request_thatCameToAStoppedActor_goesOn() {
    KIT.stop(STOPPED);

    STOPPED.tell(request);

    assertThat(NEXT.receiveMessage()).isEqualTo(request);
  }

  @Test
  void request_thatCameToAStoppedActorWithoutAWayOn_isRefused() {
    ActorRef<EntryRequest> other = KIT.spawn(Behaviors.ignore());
    KIT.stop(other);

    other.tell(request);

    assertThat(reason()).isEqualTo(Refusal.Reason.NODE_OVERLOADED);
  }

  @Test
  void request_beyondTheBufferOfAShard_isRefused() {
    publish(dropped(request, "Buffer for [ns/k] is full"));

    assertThat(reason()).isEqualTo(Refusal.Reason.NODE_OVERLOADED);
  }

  @Test
  void request_beyondTheStashOfAKey_isRefusedByItsKey() {
    publish(dropped(request, "Stash buffer is full"));

    assertThat(reason()).isEqualTo(Refusal.Reason.KEY_OVERLOADED);
  }

  @Test
  void requestForAResource_isRefusedToo() {
    TestProbe<LeaseReply> leases = KIT.createTestProbe(LeaseReply.class);

    publish(
        dropped(
            new LeaseRequest(new LeaseId("ns", "l"), LeaseCommand.Read.CURRENT, leases.getRef()),
            "any"));

    assertThat(((LeaseRefusal) leases.receiveMessage()).reason())
        .isEqualTo(LeaseRefusal.Reason.NODE_OVERLOADED);
  }

  @Test
  void otherMessages_areLeftAlone() {
    publish(dropped("anything", "any"));
    publish(dropped(request, "Buffer for [ns/k] is full"));

    assertThat(reason()).isEqualTo(Refusal.Reason.NODE_OVERLOADED);
    entries.expectNoMessage();
  }
}
