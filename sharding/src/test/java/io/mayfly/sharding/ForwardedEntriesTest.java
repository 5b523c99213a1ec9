package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.entry.Census;
import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.actors.entry.EntrySurroundings;
import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.mayfly.actors.entry.Residents;
import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.sharding.peer.Forwarding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.EmptyLocalActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The port to entries of other nodes, with a region and connections that the tests answer for. */
final class ForwardedEntriesTest {
  private static final ActorTestKit KIT = ActorTestKit.create("forwarded");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final EntryId ID = new EntryId("ns", "key");
  private static final Address OTHER = new Address("pekko", "mayfly", "other", 1);
  private static final EntryCommand LOOK = EntryCommand.Read.CURRENT;
  private static final EntryCommand CHANGE = new EntryCommand.Delete(Terms.NONE);
  private static final EntryReply REPLY = Refusal.of(Reason.UNKNOWN_KEY);
  private static final Contracts CONTRACTS = Contracts.of(namespace -> Contract.STANDARD);

  private final TestProbe<EntryRequest> region = KIT.createTestProbe(EntryRequest.class);
  private final Connections connections = new Connections();
  private final ShardedEntries entries =
      new ShardedEntries(
          KIT.system(),
          CONTRACTS,
          new Underway(),
          connections,
          new ShardedEntries.Node(() -> Instant.EPOCH, System::nanoTime, Telemetry.NONE, PATIENCE),
          host(),
          host());

  /** Connections to all nodes. */
  private static final class Connections implements Forwarding {
    private final List<Sent> sent = new ArrayList<>();
    private boolean open = true;
    private Serving serving = (request, answer) -> {};

    private record Sent(Address node, ForwardedRequest request, Waiting waiting) {}

    @Override
    public boolean forward(Address node, ForwardedRequest request, Waiting waiting) {
      return open && sent.add(new Sent(node, request, waiting));
    }

    @Override
    public void serve(Serving begun) {
      serving = begun;
    }

    private Sent only() {
      assertThat(sent).hasSize(1);
      return sent.get(0);
    }
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ShardedEntries.Host host() {
    MemoryGuard memory = new MemoryGuard(Long.MAX_VALUE, 0.9);
    EntrySurroundings surroundings =
        new EntrySurroundings(
            CONTRACTS,
            () -> Instant.EPOCH,
            () -> 0,
            new Pace(1),
            new Census(Map.of(), (namespace, surplus) -> {}, memory),
            Telemetry.NONE,
            1);
    return new ShardedEntries.Host(
        region.getRef(), new Residents(surroundings, PATIENCE), new Homes(4), nanos -> {});
  }

  private CompletableFuture<EntryReply> send(EntryCommand command) {
    return entries.send(ID, command, PATIENCE).toCompletableFuture();
  }

  /** An actor of another node. */
  private static ActorRef elsewhere() {
    ExtendedActorSystem system = (ExtendedActorSystem) Adapter.toClassic(KIT.system());
    return new EmptyLocalActorRef(
        system.provider(), new RootActorPath(OTHER, "/").child("key"), system.eventStream());
  }

  private void answerFrom(ActorRef actor) {
    Adapter.toClassic(region.receiveMessage().replyTo()).tell(REPLY, actor);
  }

  /** The first reply from another node tells where the key lives. */
  @BeforeEach
  void learn() {
    CompletableFuture<EntryReply> first = send(LOOK);
    answerFrom(elsewhere());

    assertThat(first.join()).isEqualTo(REPLY);
    assertThat(connections.sent).isEmpty();
  }

  private void answer(boolean elsewhere, EntryReply reply) {
    Connections.Sent sent = connections.only();
    sent.waiting().answered(new ForwardedReply(sent.request().number(), elsewhere, reply));
  }

  @Test
  void request_toAKeyWhoseNodeIsKnown_goesThereAndNotToTheRegion() {
    CompletableFuture<EntryReply> reply = send(CHANGE);

    assertThat(connections.only().node()).isEqualTo(OTHER);
    assertThat(connections.only().request().id()).isEqualTo(ID);
    assertThat(connections.only().request().command()).isEqualTo(CHANGE);
    assertThat(connections.only().waiting().over().toCompletableFuture()).isNotDone();
    answer(false, REPLY);
    assertThat(reply.join()).isEqualTo(REPLY);
    assertThat(connections.only().waiting().over().toCompletableFuture()).isDone();
    region.expectNoMessage(Duration.ZERO);
  }

  @Test
  void reply_fromElsewhere_letsTheRegionFindTheKeyAgain() {
    CompletableFuture<EntryReply> moved = send(CHANGE);
    answer(true, REPLY);
    assertThat(moved.join()).isEqualTo(REPLY);

    CompletableFuture<EntryReply> next = send(CHANGE);
    answerFrom(ActorRef.noSender());
    assertThat(next.join()).isEqualTo(REPLY);
    assertThat(connections.sent).hasSize(1);
  }

  @Test
  void request_thatIsNotTakenOrNotSent_goesByTheRegion() {
    CompletableFuture<EntryReply> notSent = send(CHANGE);
    connections.only().waiting().notSent();
    answerFrom(elsewhere());
    assertThat(notSent.join()).isEqualTo(REPLY);

    connections.sent.clear();
    CompletableFuture<EntryReply> notTaken = send(CHANGE);
    Connections.Sent sent = connections.only();
    sent.waiting().answered(new ForwardedReply(sent.request().number(), true, null));
    answerFrom(elsewhere());
    assertThat(notTaken.join()).isEqualTo(REPLY);
  }

  @Test
  void lostConnection_letsALookLookAgainAndTellsOthersThatNobodyKnows() {
    CompletableFuture<EntryReply> look = send(LOOK);
    connections.only().waiting().lost();
    answerFrom(elsewhere());
    assertThat(look.join()).isEqualTo(REPLY);

    connections.sent.clear();
    CompletableFuture<EntryReply> change = send(CHANGE);
    connections.only().waiting().lost();
    assertThat(change.join()).isEqualTo(Refusal.of(Reason.OUTCOME_UNKNOWN));
    region.expectNoMessage(Duration.ZERO);
  }

  @Test
  void request_withoutAConnection_goesByTheRegion() {
    connections.open = false;
    CompletableFuture<EntryReply> reply = send(CHANGE);

    answerFrom(elsewhere());
    assertThat(reply.join()).isEqualTo(REPLY);
  }

  @Test
  void caller_whoGivesUpAfterTheRequestWasForwarded_knowsNothing() {
    CompletableFuture<EntryReply> reply =
        entries.send(ID, CHANGE, Duration.ofMillis(1)).toCompletableFuture();

    assertThat(reply.join()).isEqualTo(Refusal.of(Reason.OUTCOME_UNKNOWN));
  }

  @Test
  void requestOfAnotherNode_isCarriedOutHereAndSaysWhetherTheKeyIsElsewhere() {
    for (boolean elsewhere : List.of(false, true)) {
      CompletableFuture<ForwardedReply> answer = new CompletableFuture<>();
      connections.serving.serve(
          new ForwardedRequest(7, ID, CHANGE, 0, PATIENCE.toMillis(), null), answer::complete);

      assertThat(connections.sent).as("goes no further directly").isEmpty();
      answerFrom(elsewhere ? elsewhere() : ActorRef.noSender());
      assertThat(answer.join()).isEqualTo(new ForwardedReply(7, elsewhere, REPLY));
    }
  }
}
