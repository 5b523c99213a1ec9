package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryCommand.Read;
import io.mayfly.protocol.entry.EntryCommand.Settle;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VolatileEntryEntityTest {
  private static final LedgerChange LOST = new LedgerChange(null, null, null, null, 0);

  private final ActorTestKit kit = ActorTestKit.create("volatile", ManualTime.config());
  private final ManualTime scheduler = ManualTime.get(kit.system());
  private final TestProbe<EntryRequest> resent = kit.createTestProbe(EntryRequest.class);
  private final TestProbe<LedgerChange> ledger = kit.createTestProbe(LedgerChange.class);
  private final TestProbe<EntryReply> replies = kit.createTestProbe(EntryReply.class);
  private final Queue<ActorRef<EntryRequest>> passivated = new ConcurrentLinkedQueue<>();
  private final Census census = new Census(Map.of(), (namespace, surplus) -> {});
  private volatile Instant now = Scene.NOW;
  private volatile boolean broken;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private Contract contract() {
    if (broken) {
      throw new IllegalStateException("as the test wants it");
    }
    return Scene.with(Durability.VOLATILE);
  }

  private EntrySurroundings surroundings(Pace pace) {
    return new EntrySurroundings(
        Contracts.of(namespace -> contract()),
        () -> now,
        () -> 0,
        pace,
        census,
        Telemetry.NONE,
        100);
  }

  private ActorRef<EntryRequest> spawn(Pace pace) {
    EntrySurroundings surroundings = surroundings(pace);
    return spawn(surroundings, new Residents(surroundings, Duration.ofHours(1)));
  }

  private ActorRef<EntryRequest> spawn(EntrySurroundings surroundings, Residents residents) {
    return kit.spawn(
        VolatileEntryEntity.create(
            Scene.ID,
            surroundings,
            residents,
            new VolatileEntryEntity.Outside() {
              @Override
              public void happened(EntryEvent event) {
                ledger.getRef().tell(event.ledgerChange());
              }

              @Override
              public void lost() {
                ledger.getRef().tell(LOST);
              }
            },
            passivated::add,
            resent.getRef()::tell));
  }

  private String ask(ActorRef<EntryRequest> entity, EntryCommand command) {
    entity.tell(new EntryRequest(Scene.ID, command, replies.getRef()));
    return Described.reply(replies.receiveMessage());
  }

  /** The clock first: a timer that rings looks at it. */
  private void pass(Duration duration) {
    now = now.plus(duration);
    scheduler.timePasses(duration);
  }

  @Test
  void timer_endsAndPurgesWithoutAnyMessage() {
    ActorRef<EntryRequest> entity = spawn(new Pace(1000));
    ask(entity, Scene.put("1"));
    assertThat(ledger.receiveMessage().after()).isNotNull();

    pass(Duration.ofSeconds(60));

    LedgerChange end = ledger.receiveMessage();
    assertThat(end.after()).isNull();
    assertThat(end.wakeAfter()).isEqualTo(Scene.instant(660));
    assertThat(ask(entity, Read.CURRENT)).isEqualTo("KEY_ENDED 0.2 expired at 60");
    pass(Duration.ofMinutes(10));
    assertThat(ledger.receiveMessage().purged()).isEqualTo(Scene.NOW.toEpochMilli());
    entity.tell(new EntryRequest(Scene.ID, Read.CURRENT, replies.getRef()));
    assertThat(resent.receiveMessage().command()).isEqualTo(Read.CURRENT);
    assertThat(passivated).containsExactly(entity);
  }

  @Test
  void renewedKey_doesNotEndAtItsOldDeadline() {
    ActorRef<EntryRequest> entity = spawn(new Pace(1000));
    ask(entity, Scene.put("1", Scene.ttl(10)));
    pass(Duration.ofSeconds(5));
    ask(entity, Scene.touch(Scene.ttl(30)));

    pass(Duration.ofSeconds(6));

    assertThat(ask(entity, new EntryCommand.ReadHistory(10)))
        .isEqualTo("created(0.1) renewed(0.2)");
    ledger.receiveSeveralMessages(2);
    pass(Duration.ofSeconds(24));
    assertThat(ledger.receiveMessage().after()).isNull();
  }

  @Test
  void earlierDeadline_replacesTheTimer() {
    ActorRef<EntryRequest> entity = spawn(new Pace(1000));
    ask(entity, Scene.put("1"));
    ask(entity, Scene.touch(Scene.ttl(2)));
    ledger.receiveSeveralMessages(2);

    pass(Duration.ofSeconds(2));

    assertThat(ledger.receiveMessage().after()).isNull();
  }

  @Test
  void requestAfterTheWishToStop_isSentOnItsWayAgain() {
    ActorRef<EntryRequest> entity = spawn(new Pace(1000));
    ask(entity, EntryCommand.Read.CURRENT);
    EntryRequest late = new EntryRequest(Scene.ID, Scene.put("1"), replies.getRef());

    entity.tell(late);

    assertThat(resent.receiveMessage()).isEqualTo(late);
    assertThat(passivated).hasSize(1);
  }

  @Test
  void look_atAnEntryThatGoes_isLeftToItsActor() {
    EntrySurroundings surroundings = surroundings(new Pace(1000));
    Residents residents = new Residents(surroundings, Duration.ofHours(1));
    ActorRef<EntryRequest> first = spawn(surroundings, residents);
    ask(first, Scene.put("1"));
    assertThat(Scene.look(residents, Read.CURRENT)).isInstanceOf(EntryReply.Found.class);

    kit.stop(first);

    assertThat(Scene.look(residents, Read.CURRENT)).isNull();
    ActorRef<EntryRequest> second = spawn(surroundings, residents);
    assertThat(ask(second, Read.CURRENT)).isEqualTo("UNKNOWN_KEY");
    second.tell(new EntryRequest(Scene.ID, Scene.put("1"), replies.getRef()));
    resent.receiveMessage();
    assertThat(Scene.look(residents, Read.CURRENT)).isNull();
  }

  @Test
  void look_afterAWhile_isLeftToTheActorOnce() {
    EntrySurroundings surroundings = surroundings(new Pace(1000));
    Residents residents = new Residents(surroundings, Duration.ofSeconds(15));
    ask(spawn(surroundings, residents), Scene.put("1"));
    pass(Duration.ofSeconds(14));
    assertThat(Scene.look(residents, Read.CURRENT)).isInstanceOf(EntryReply.Found.class);

    pass(Duration.ofSeconds(1));

    assertThat(Scene.look(residents, Read.CURRENT)).isNull();
    assertThat(Scene.look(residents, Read.CURRENT)).isInstanceOf(EntryReply.Found.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void actorThatStops_takesItsRowAlong(boolean breaks) {
    ActorRef<EntryRequest> entity = spawn(new Pace(1000));
    ask(entity, Scene.put("1"));
    ledger.receiveMessage();

    if (breaks) {
      broken = true;
      entity.tell(new EntryRequest(Scene.ID, Read.CURRENT, replies.getRef()));
    } else {
      kit.stop(entity);
    }

    assertThat(ledger.receiveMessage()).isSameAs(LOST);
    replies.expectTerminated(entity, Duration.ofSeconds(5));
    assertThat(census.of(Scene.ID.namespace())).isZero();
  }

  @Test
  void actorThatStops_leavesNoTimer() {
    TestProbe<DeadLetter> lost = kit.createDeadLetterProbe();
    ActorRef<EntryRequest> entity = spawn(new Pace(1000));
    ask(entity, Scene.put("1"));
    kit.stop(entity);

    pass(Duration.ofSeconds(61));

    EntryRequest marker = new EntryRequest(Scene.ID, Read.CURRENT, replies.getRef());
    entity.tell(marker);
    assertThat(lost.receiveMessage().message()).isEqualTo(marker);
  }

  @Test
  void actorThatStopsAfterTheEnd_hasNoRowToTake() {
    ActorRef<EntryRequest> entity = spawn(new Pace(1000));
    ask(entity, Scene.put("1"));
    ask(entity, Scene.delete());
    ledger.receiveSeveralMessages(2);

    kit.stop(entity);

    ledger.expectNoMessage(Duration.ZERO);
    assertThat(census.of(Scene.ID.namespace())).isZero();
  }

  @Test
  void endsOfOneInstant_areSpreadByThePace() {
    Pace pace = new Pace(10);
    List<ActorRef<EntryRequest>> entities = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      entities.add(spawn(pace));
      ask(entities.get(i), Scene.put("1", Scene.ttl(10)));
    }
    ledger.receiveSeveralMessages(5);

    pass(Duration.ofSeconds(10));

    assertThat(endsAfterSettling(entities)).isEqualTo(1);
    for (int i = 1; i < 5; i++) {
      pass(Duration.ofMillis(100));
      assertThat(endsAfterSettling(entities)).isEqualTo(1);
    }
  }

  /** Answers to a wish to settle show that every timer's message before it was handled. */
  private int endsAfterSettling(List<ActorRef<EntryRequest>> entities) {
    entities.forEach(entity -> ask(entity, Settle.NOW));
    ledger.getRef().tell(new LedgerChange(null, null, null, null, -1));
    int ends = 0;
    while (ledger.receiveMessage().purged() != -1) {
      ends++;
    }
    return ends;
  }
}
