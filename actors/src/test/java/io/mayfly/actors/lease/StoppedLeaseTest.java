package io.mayfly.actors.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseReply;
import java.time.Duration;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a resource leaves behind in memory when its actor stops. */
final class StoppedLeaseTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          "stopped",
          ManualTime.config()
              .withFallback(PersistenceTestKitPlugin.getInstance().config())
              .withFallback(PersistenceTestKitSnapshotPlugin.config()));
  private final TestProbe<LeaseReply> replies = kit.createTestProbe(LeaseReply.class);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void actorThatStops_leavesNoTimer() {
    TestProbe<DeadLetter> lost = kit.createDeadLetterProbe();
    Stage stage = new Stage();
    ActorRef<LeaseRequest> entity =
        kit.spawn(
            LeaseEntity.create(
                Stage.ID,
                new LeaseSurroundings(
                    Contracts.of(namespace -> Stage.CONTRACT),
                    () -> Stage.NOW,
                    () -> 0,
                    new Pace(1000),
                    stage.limits,
                    5,
                    Duration.ofMinutes(2)),
                self -> {},
                resent -> {}));
    entity.tell(new LeaseRequest(Stage.ID, stage.acquire("a", 1, 30, 0), replies.getRef()));
    assertThat(replies.receiveMessage()).isInstanceOf(LeaseReply.Granted.class);
    kit.stop(entity);

    ManualTime.get(kit.system()).timePasses(Duration.ofSeconds(31));

    LeaseRequest marker = new LeaseRequest(Stage.ID, LeaseCommand.Read.CURRENT, replies.getRef());
    entity.tell(marker);
    assertThat(lost.receiveMessage().message()).isEqualTo(marker);
  }
}
