package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.lease.LeaseRequest;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseCommand.Release;
import io.mayfly.protocol.lease.LeaseCommand.Renew;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseRefusal.Reason;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.LeaseTerms;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port to resources, with a region whose answers the tests give. */
final class ShardedLeasesTest {
  private static final ActorTestKit KIT = ActorTestKit.create("leases");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final LeaseId ID = new LeaseId("ns", "lock");

  private final TestProbe<LeaseRequest> region = KIT.createTestProbe(LeaseRequest.class);
  private final ShardedLeases leases =
      new ShardedLeases(
          KIT.system(),
          Contracts.of(namespace -> Contract.STANDARD),
          new Underway(),
          new ShardedLeases.Bounds(2, 2),
          new ShardedEntries.Node(() -> Instant.EPOCH, System::nanoTime, Telemetry.NONE, PATIENCE),
          region.getRef());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static LeaseCommand command(String name, String fingerprint) {
    LeaseTerms terms = new LeaseTerms(Origin.UNKNOWN, new RetryKey("k", fingerprint, false));
    return switch (name) {
      case "acquire" -> new Acquire("n", "h", 1, PATIENCE, Duration.ZERO, terms);
      case "wait" -> new Acquire("n", "h", 1, PATIENCE, PATIENCE, terms);
      case "renew" -> new Renew("id", PATIENCE, terms);
      case "release" -> new Release("id", terms);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private CompletableFuture<LeaseReply> send(LeaseId id, LeaseCommand command) {
    return leases.send(id, command, PATIENCE).toCompletableFuture();
  }

  private void begin(LeaseId id, LeaseCommand command) {
    assertThat(send(id, command)).isNotDone();
  }

  private static @Nullable Reason refusal(CompletableFuture<LeaseReply> reply) {
    return reply.isDone() && reply.join() instanceof LeaseRefusal refusal ? refusal.reason() : null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"acquire", "wait", "renew", "release"})
  void retry_whileTheFirstRuns_isInProgress(String name) {
    CompletableFuture<LeaseReply> first = send(ID, command(name, "f"));
    LeaseRequest request = region.receiveMessage();

    assertThat(refusal(send(ID, command(name, "f")))).isEqualTo(Reason.IDEMPOTENCY_IN_PROGRESS);
    assertThat(refusal(send(ID, command(name, "f")))).isEqualTo(Reason.IDEMPOTENCY_IN_PROGRESS);
    assertThat(refusal(send(ID, command(name, "g")))).isEqualTo(Reason.IDEMPOTENCY_MISMATCH);
    region.expectNoMessage(Duration.ZERO);
    request.replyTo().tell(new LeaseReply.Released(false));
    assertThat(first).isCompletedWithValue(new LeaseReply.Released(false));
    begin(ID, command(name, "f"));
    assertThat(region.receiveMessage().command()).isEqualTo(command(name, "f"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"acquire", "wait", "renew", "release"})
  void sameKey_onAnotherResource_isAnotherRequest(String name) {
    begin(ID, command(name, "f"));
    LeaseId other = new LeaseId("ns", "other");

    begin(other, command(name, "f"));

    assertThat(region.receiveMessage().id()).isEqualTo(ID);
    assertThat(region.receiveMessage().id()).isEqualTo(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acquire", "wait"})
  void key_ofARefusedRequest_isFreeAgain(String name) {
    Acquire full =
        new Acquire("m", "h", 1, PATIENCE, PATIENCE, new LeaseTerms(Origin.UNKNOWN, null));
    begin(ID, full);
    CompletableFuture<LeaseReply> second = send(ID, full);
    LeaseRequest waiting = region.receiveMessage();
    region.receiveMessage();
    assertThat(refusal(send(ID, command("wait", "f")))).isEqualTo(Reason.NODE_OVERLOADED);

    waiting.replyTo().tell(new LeaseReply.Released(false));
    begin(ID, command(name, "f"));

    assertThat(region.receiveMessage().command()).isEqualTo(command(name, "f"));
    assertThat(second).isNotDone();
  }
}
