package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EntryCommand.Read;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a journaled entry leaves behind in memory when its actor stops. */
final class StoppedEntryTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          "stopped",
          ManualTime.config()
              .withFallback(PersistenceTestKitPlugin.getInstance().config())
              .withFallback(PersistenceTestKitSnapshotPlugin.config()));
  private final TestProbe<EntryReply> replies = kit.createTestProbe(EntryReply.class);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void actorThatStops_leavesNoTimer() {
    TestProbe<DeadLetter> lost = kit.createDeadLetterProbe();
    EntrySurroundings surroundings =
        new EntrySurroundings(
            Contracts.of(namespace -> Scene.with(Durability.JOURNALED)),
            () -> Scene.NOW,
            () -> 0,
            new Pace(1000),
            new Census(Map.of(), (namespace, surplus) -> {}),
            Telemetry.NONE,
            100);
    Residents residents = new Residents(surroundings, Duration.ofHours(1));
    ActorRef<EntryRequest> entity =
        kit.spawn(EntryEntity.create(Scene.ID, surroundings, residents, self -> {}, again -> {}));
    entity.tell(new EntryRequest(Scene.ID, Scene.put("1"), replies.getRef()));
    assertThat(replies.receiveMessage()).isInstanceOf(EntryReply.Accepted.class);
    assertThat(Scene.look(residents, Read.CURRENT)).isInstanceOf(EntryReply.Found.class);
    kit.stop(entity);

    ManualTime.get(kit.system()).timePasses(Duration.ofSeconds(61));

    EntryRequest marker = new EntryRequest(Scene.ID, Read.CURRENT, replies.getRef());
    assertThat(Scene.look(residents, Read.CURRENT)).isNull();
    entity.tell(marker);
    assertThat(lost.receiveMessage().message()).isEqualTo(marker);
  }
}
