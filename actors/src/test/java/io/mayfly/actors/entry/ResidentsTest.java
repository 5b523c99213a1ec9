package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EntryCommand.Read;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.EmptyLocalActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way to the actors of resident entries, while one goes. */
final class ResidentsTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final List<Object> told = new CopyOnWriteArrayList<>();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch goesOn = new CountDownLatch(1);

  /** An actor to which it takes long to send. */
  private final class Slow extends EmptyLocalActorRef {
    private Slow(ExtendedActorSystem system) {
      super(system.provider(), system.deadLetters().path(), system.eventStream());
    }

    @Override
    public void $bang(Object message, ActorRef sender) {
      entered.countDown();
      try {
        goesOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      told.add(message);
    }
  }

  @AfterEach
  void stop() {
    goesOn.countDown();
    kit.shutdownTestKit();
  }

  @Test
  void entry_isNotWithdrawnWhileSomebodySendsToItsActor() throws Exception {
    Residents residents =
        new Residents(
            new EntrySurroundings(
                Contracts.of(namespace -> Scene.CONTRACT),
                () -> Scene.NOW,
                () -> 0,
                new Pace(1000),
                new Census(Map.of(), (namespace, surplus) -> {}),
                Telemetry.NONE,
                100),
            Duration.ofHours(1));
    Slow actor = new Slow((ExtendedActorSystem) Adapter.toClassic(kit.system()));
    residents.publish(Scene.ID, Adapter.toTyped(actor), EntryState.initial());
    Residents.Resident resident = Objects.requireNonNull(residents.find(Scene.ID));
    EntryRequest request = new EntryRequest(Scene.ID, Read.CURRENT, kit.system().ignoreRef());
    Thread sender = new Thread(() -> resident.send(request));
    Thread goes =
        new Thread(
            () -> {
              residents.withdraw(Scene.ID);
              told.add("withdrawn");
            });

    sender.start();
    entered.await();
    goes.start();
    while (goes.isAlive() && goes.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    goesOn.countDown();
    sender.join();
    goes.join();

    assertThat(told).containsExactly(request, "withdrawn");
    assertThat(resident.send(request)).isFalse();
    assertThat(told).hasSize(2);
  }
}
