package io.mayfly.actors.entry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryCommand.Read;
import io.mayfly.protocol.entry.EntryCommand.Settle;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EntryEntityTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("entry", EventSourcedBehaviorTestKit.config());
  private static final int SNAPSHOT_EVERY = 5;

  private final Queue<ActorRef<EntryRequest>> passivated = new ConcurrentLinkedQueue<>();
  private volatile Instant now = Scene.NOW;
  private final InstantSource clock = () -> now;
  private final EntrySurroundings surroundings =
      new EntrySurroundings(
          Contracts.of(namespace -> Scene.with(Durability.SYNCED)),
          clock,
          () -> 0,
          new Pace(1000),
          new Census(Map.of(), (namespace, surplus) -> {}),
          Telemetry.NONE,
          SNAPSHOT_EVERY);
  private final Residents residents = new Residents(surroundings, Duration.ofHours(1));
  private final EventSourcedBehaviorTestKit<EntryRequest, EntryEvent, EntryState> entity =
      EventSourcedBehaviorTestKit.create(
          KIT.system(), EntryEntity.create(Scene.ID, surroundings, residents, passivated::add));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void clear() {
    entity.clear();
  }

  private CommandResultWithReply<EntryRequest, EntryEvent, EntryState, EntryReply> run(
      EntryCommand command) {
    return entity.<EntryReply>runCommand(replyTo -> new EntryRequest(Scene.ID, command, replyTo));
  }

  private String reply(EntryCommand command) {
    return Described.reply(run(command).reply());
  }

  @Test
  void entry_isWrittenReadAndReplaced() {
    assertThat(reply(Scene.put("1"))).isEqualTo("created 0.1 until 60 = 1");
    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.1 until 60 = 1");
    assertThat(reply(Scene.put("2"))).isEqualTo("replaced 0.2 until 60 = 2");
    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.2 until 60 = 2");
  }

  @Test
  void look_seesWhatWasAcknowledged() {
    for (int i = 1; i <= 3; i++) {
      EntryReply written = run(Scene.put(Integer.toString(i))).reply();
      EntryReply seen = residents.look(Scene.ID, Read.CURRENT);

      assertThat(written).isInstanceOf(EntryReply.Accepted.class);
      assertThat(seen).isEqualTo(run(Read.CURRENT).reply());
      assertThat(Described.reply(requireNonNull(seen)))
          .isEqualTo("found 0." + i + " until 60 = " + i);
    }
    run(Scene.delete());

    assertThat(Described.reply(requireNonNull(residents.look(Scene.ID, Read.CURRENT))))
        .isEqualTo(reply(Read.CURRENT));
  }

  @Test
  void look_afterRecovery_seesWhatIsStored() {
    run(Scene.put("1"));
    residents.withdraw(Scene.ID);

    entity.restart();

    assertThat(residents.look(Scene.ID, new EntryCommand.ReadHistory(10)))
        .isEqualTo(run(new EntryCommand.ReadHistory(10)).reply());
  }

  @Test
  void look_atAnOverdueEntry_isLeftToItsActor() {
    run(Scene.put("1"));
    now = Scene.instant(60);

    assertThat(residents.look(Scene.ID, Read.CURRENT)).isNull();
  }

  @Test
  void command_whoseCallerGaveUp_isNotBegun() {
    var late =
        entity.<EntryReply>runCommand(
            replyTo ->
                new EntryRequest(Scene.ID, Scene.put("1"), replyTo, now.toEpochMilli(), null));
    var inTime =
        entity.<EntryReply>runCommand(
            replyTo ->
                new EntryRequest(Scene.ID, Scene.put("1"), replyTo, now.toEpochMilli() + 1, null));

    assertThat(late.hasNoEvents()).isTrue();
    assertThat(Described.reply(late.reply())).isEqualTo("NOT_BEGUN");
    assertThat(Described.reply(inTime.reply())).isEqualTo("created 0.1 until 60 = 1");
  }

  @Test
  void restart_keepsEverything() {
    run(Scene.put("1"));
    run(Scene.put("2"));
    EntryState before = entity.getState();

    EntryState after = entity.restart().state();

    assertThat(after).isEqualTo(before);
    assertThat(reply(new EntryCommand.ReadHistory(10))).isEqualTo("created(0.1) updated(0.2)");
  }

  @Test
  void settle_atTheDeadline_endsOnce() {
    run(Scene.put("1"));
    now = Scene.instant(60);

    var end = run(Settle.NOW);

    assertThat(Described.events(end.events())).isEqualTo("Ended(0.2)");
    assertThat(run(Settle.NOW).hasNoEvents()).isTrue();
    assertThat(reply(Read.CURRENT)).isEqualTo("KEY_ENDED 0.2 expired at 60");
    assertThat(passivated).isEmpty();
  }

  @Test
  void restart_afterTheDeadline_showsNoValue() {
    run(Scene.put("1"));
    now = Scene.instant(61);

    entity.restart();

    assertThat(reply(Read.CURRENT)).isEqualTo("KEY_ENDED 0.2 expired at 60");
  }

  @Test
  void purge_asksForPassivation() {
    run(Scene.put("1"));
    run(Scene.delete());
    now = Scene.instant(600);

    var purge = run(Settle.NOW);

    assertThat(Described.events(purge.events())).isEqualTo("Purged(0.2)");
    assertThat(purge.state()).isInstanceOf(EntryState.Absent.class);
    assertThat(passivated).hasSize(1);
  }

  @Test
  void readOfAnUnknownKey_asksForPassivation() {
    assertThat(reply(Read.CURRENT)).isEqualTo("UNKNOWN_KEY");

    assertThat(passivated).hasSize(1);
  }

  @Test
  void snapshots_areTakenAndRecoveredFrom() {
    for (int i = 1; i <= SNAPSHOT_EVERY + 2; i++) {
      run(Scene.put(Integer.toString(i)));
    }
    String persistenceId = EntryEntity.persistenceId(Scene.ID).id();
    EntryState snapshot =
        entity
            .snapshotTestKit()
            .orElseThrow()
            .expectNextPersistedClass(persistenceId, EntryState.class);

    EntryState after = entity.restart().state();

    assertThat(snapshot).isInstanceOf(EntryState.Live.class);
    assertThat(Described.reply(run(Read.CURRENT).reply())).isEqualTo("found 0.7 until 60 = 7");
    assertThat(after.story().newest(10)).hasSize(4);
  }
}
