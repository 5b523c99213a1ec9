package io.mayfly.actors.entry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.internal.PoisonPill;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.ProcessingPolicy;
import org.apache.pekko.persistence.testkit.ProcessingResult;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.StorageFailure;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EntryEntityTest {
  private static final int SNAPSHOT_EVERY = 5;
  private static final int WAITING_MAX = 3;
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "entry",
          ConfigFactory.parseString("pekko.persistence.typed.stash-capacity = " + WAITING_MAX)
              .withFallback(PersistenceTestKitPlugin.getInstance().config())
              .withFallback(PersistenceTestKitSnapshotPlugin.config()));
  private static final PersistenceTestKit JOURNAL = PersistenceTestKit.create(KIT.system());
  private static final SnapshotTestKit SNAPSHOTS = SnapshotTestKit.create(KIT.system());
  private static final String NAME = EntryEntity.persistenceId(Scene.ID).id();
  private static final ProcessingPolicy<JournalOperation> BROKEN =
      (id, operation) -> StorageFailure.create();

  private final Queue<ActorRef<EntryRequest>> passivated = new ConcurrentLinkedQueue<>();
  private final Queue<EntryRequest> handedBack = new ConcurrentLinkedQueue<>();
  private volatile Instant now = Scene.NOW;
  private volatile boolean clockFails;
  private final InstantSource clock = this::now;
  private final Pace pace = new Pace(1000);
  private final EntrySurroundings surroundings =
      new EntrySurroundings(
          Contracts.of(namespace -> Scene.with(Durability.SYNCED)),
          clock,
          () -> 0,
          pace,
          new Census(Map.of(), (namespace, surplus) -> {}),
          Telemetry.NONE,
          SNAPSHOT_EVERY);
  private final Residents residents = new Residents(surroundings, Duration.ofHours(1));
  private ActorRef<EntryRequest> entity = KIT.system().ignoreRef();

  /** What a command came to. */
  private record Result(EntryReply reply, List<EntryEvent> events) {}

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void begin() {
    JOURNAL.resetPolicy();
    JOURNAL.clearAll();
    SNAPSHOTS.clearAll();
    entity = spawn();
  }

  @AfterEach
  void end() {
    KIT.stop(entity);
  }

  private Instant now() {
    if (clockFails) {
      clockFails = false;
      throw new IllegalStateException("the clock stands still");
    }
    return now;
  }

  private ActorRef<EntryRequest> spawn() {
    return KIT.spawn(
        EntryEntity.create(Scene.ID, surroundings, residents, passivated::add, handedBack::add));
  }

  private void restart() {
    KIT.stop(entity);
    entity = spawn();
  }

  private static List<EntryEvent> events() {
    return JOURNAL.persistedInStorage(NAME).stream().map(EntryEvent.class::cast).toList();
  }

  private Result run(EntryCommand command) {
    int before = events().size();
    TestProbe<EntryReply> replies = ask(command);
    EntryReply reply = replies.receiveMessage();
    List<EntryEvent> after = events();
    return new Result(reply, after.subList(before, after.size()));
  }

  private TestProbe<EntryReply> ask(EntryCommand command) {
    TestProbe<EntryReply> replies = KIT.createTestProbe(EntryReply.class);
    entity.tell(new EntryRequest(Scene.ID, command, replies.getRef()));
    return replies;
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
      EntryReply seen = Scene.look(residents, Read.CURRENT);

      assertThat(written).isInstanceOf(EntryReply.Accepted.class);
      assertThat(seen).isEqualTo(run(Read.CURRENT).reply());
      assertThat(Described.reply(requireNonNull(seen)))
          .isEqualTo("found 0." + i + " until 60 = " + i);
    }
    run(Scene.delete());

    assertThat(Described.reply(requireNonNull(Scene.look(residents, Read.CURRENT))))
        .isEqualTo(reply(Read.CURRENT));
  }

  @Test
  void look_afterRecovery_seesWhatIsStored() {
    run(Scene.put("1"));
    residents.withdraw(Scene.ID);

    restart();
    run(Read.CURRENT);

    assertThat(Scene.look(residents, new EntryCommand.ReadHistory(10)))
        .isEqualTo(run(new EntryCommand.ReadHistory(10)).reply());
  }

  @Test
  void look_atAnOverdueEntry_isLeftToItsActor() {
    run(Scene.put("1"));
    now = Scene.instant(60);

    assertThat(Scene.look(residents, Read.CURRENT)).isNull();
  }

  @Test
  void command_whoseCallerGaveUp_isNotBegun() {
    TestProbe<EntryReply> replies = KIT.createTestProbe(EntryReply.class);
    long nowMillis = now.toEpochMilli();

    entity.tell(new EntryRequest(Scene.ID, Scene.put("1"), replies.getRef(), 0, nowMillis, null));
    entity.tell(
        new EntryRequest(Scene.ID, Scene.put("2"), replies.getRef(), 0, nowMillis + 1, null));

    assertThat(Described.reply(replies.receiveMessage())).isEqualTo("NOT_BEGUN");
    assertThat(Described.reply(replies.receiveMessage())).isEqualTo("created 0.1 until 60 = 2");
  }

  @Test
  void restart_keepsEverything() {
    run(Scene.put("1"));
    run(Scene.put("2"));

    restart();

    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.2 until 60 = 2");
    assertThat(reply(new EntryCommand.ReadHistory(10))).isEqualTo("created(0.1) updated(0.2)");
  }

  @Test
  void settle_atTheDeadline_endsOnce() {
    run(Scene.put("1"));
    now = Scene.instant(60);

    var end = run(Settle.NOW);

    assertThat(Described.events(end.events())).isEqualTo("Ended(0.2)");
    assertThat(run(Settle.NOW).events()).isEmpty();
    assertThat(reply(Read.CURRENT)).isEqualTo("KEY_ENDED 0.2 expired at 60");
    assertThat(passivated).isEmpty();
  }

  @Test
  void restart_afterTheDeadline_showsNoValue() {
    run(Scene.put("1"));
    now = Scene.instant(61);

    restart();

    assertThat(reply(Read.CURRENT)).isEqualTo("KEY_ENDED 0.2 expired at 60");
  }

  @Test
  void purge_asksForPassivation() {
    run(Scene.put("1"));
    run(Scene.delete());
    now = Scene.instant(600);

    var purge = run(Settle.NOW);

    assertThat(Described.events(purge.events())).isEqualTo("Purged(0.2)");
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
    EntryState snapshot = SNAPSHOTS.expectNextPersistedClass(NAME, EntryState.class);

    restart();

    assertThat(snapshot).isInstanceOf(EntryState.Live.class);
    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.7 until 60 = 7");
    assertThat(reply(new EntryCommand.ReadHistory(10)))
        .isEqualTo("updated(0.4) updated(0.5) updated(0.6) updated(0.7)");
  }

  @Test
  void snapshots_takeThePlaceOfEvents() {
    for (int i = 1; i <= 2 * SNAPSHOT_EVERY; i++) {
      ask(Scene.put(Integer.toString(i))).receiveMessage();
    }
    TestProbe<EntryReply> done = ask(Read.CURRENT);
    done.awaitAssert(() -> assertThat(events()).hasSize(SNAPSHOT_EVERY));

    restart();

    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.10 until 60 = 10");
  }

  @Test
  void purge_whereASnapshotIsDue_leavesNone() {
    for (int i = 1; i < SNAPSHOT_EVERY - 1; i++) {
      run(Scene.put(Integer.toString(i)));
    }
    run(Scene.delete());
    now = Scene.instant(600);

    var purge = run(Settle.NOW);

    assertThat(purge.events()).hasSize(1);
    SNAPSHOTS.expectNothingPersisted(NAME);
  }

  @Test
  void whoWakesAnEntry_isAnsweredWhenItHasEnded() {
    run(Scene.put("1"));
    now = Scene.instant(61);
    for (int i = 0; i < 200; i++) {
      pace.reserveMillis(now.toEpochMilli());
    }

    TestProbe<EntryReply> first = ask(Settle.NOW);
    TestProbe<EntryReply> second = ask(Settle.NOW);

    assertThat(second.receiveMessage()).isEqualTo(EntryReply.Settled.INSTANCE);
    first.expectNoMessage(Duration.ZERO);
    assertThat(events()).hasSize(1);
    now = Scene.instant(62);
    assertThat(run(Settle.NOW).events()).hasSize(1);
    assertThat(first.receiveMessage()).isEqualTo(EntryReply.Settled.INSTANCE);
  }

  @Test
  void entryThatWasUsed_staysWhenItHasEnded() {
    run(Scene.put("1"));
    now = Scene.instant(61);

    run(Settle.NOW);

    assertThat(events()).hasSize(2);
    assertThat(passivated).isEmpty();
  }

  @Test
  void entryThatWasOnlyWokenToEnd_asksToStop() {
    run(Scene.put("1"));
    restart();
    now = Scene.instant(61);

    run(Settle.NOW);

    assertThat(events()).hasSize(2);
    assertThat(passivated).containsExactly(entity);
    assertThat(Scene.look(residents, Read.CURRENT)).isNull();
  }

  @Test
  void commandsDuringAWrite_areHandledInOrder() {
    var first = ask(Scene.put("1"));
    var second = ask(Scene.put("2"));
    var third = ask(Read.CURRENT);

    assertThat(Described.reply(first.receiveMessage())).isEqualTo("created 0.1 until 60 = 1");
    assertThat(Described.reply(second.receiveMessage())).isEqualTo("replaced 0.2 until 60 = 2");
    assertThat(Described.reply(third.receiveMessage())).isEqualTo("found 0.2 until 60 = 2");
  }

  @Test
  void failedWrite_isUnknown_andWhatIsStoredIsReadAgain() {
    run(Scene.put("1"));
    JOURNAL.withPolicy(BROKEN);

    assertThat(reply(Scene.put("2"))).isEqualTo("OUTCOME_UNKNOWN");
    assertThat(Scene.look(residents, Read.CURRENT)).isNull();
    JOURNAL.resetPolicy();
    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.1 until 60 = 1");
    assertThat(reply(Scene.put("3"))).isEqualTo("replaced 0.2 until 60 = 3");
  }

  @Test
  void rejectedWrite_isUnknown_andWhatIsStoredIsReadAgain() {
    run(Scene.put("1"));
    JOURNAL.rejectNextPersisted(NAME);

    assertThat(reply(Scene.put("2"))).isEqualTo("OUTCOME_UNKNOWN");
    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.1 until 60 = 1");
  }

  @Test
  void failedRecovery_isTriedAgain() {
    run(Scene.put("1"));
    JOURNAL.failNextRead(NAME);

    restart();

    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.1 until 60 = 1");
  }

  @Test
  void defect_isFollowedByRecovery() {
    run(Scene.put("1"));
    clockFails = true;

    var lost = ask(Scene.put("2"));

    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.1 until 60 = 1");
    lost.expectNoMessage(Duration.ZERO);
  }

  @Test
  void commandsBeyondTheMost_areDropped() {
    TestProbe<Dropped> dropped = KIT.createDroppedMessageProbe();
    JOURNAL.failNextRead(NAME);
    restart();

    TestProbe<EntryReply> first = ask(Scene.put("0"));
    for (int i = 1; i <= WAITING_MAX; i++) {
      ask(Scene.put(Integer.toString(i)));
    }

    Dropped last = dropped.receiveMessage();
    assertThat(((EntryRequest) last.message()).command()).isEqualTo(Scene.put("" + WAITING_MAX));
    assertThat(last.reason()).isEqualTo("Stash buffer is full");
    assertThat(Described.reply(first.receiveMessage())).isEqualTo("created 0.1 until 60 = 0");
    assertThat(reply(Read.CURRENT)).isEqualTo("found 0.3 until 60 = 2");
  }

  /** Else an actor of which much is asked would never stop. */
  @Test
  void wishToStopDuringAWrite_isFollowedByWhatCameBeforeAlone() {
    run(Scene.put("1"));
    CompletableFuture<ProcessingResult> result = new CompletableFuture<>();
    JOURNAL.withPolicy((id, operation) -> result.join());
    var written = ask(Scene.put("2"));
    var read = ask(Read.CURRENT);
    passivate();
    var late = ask(Scene.put("3"));

    result.complete(ProcessingSuccess.getInstance());

    assertThat(Described.reply(written.receiveMessage())).isEqualTo("replaced 0.2 until 60 = 2");
    assertThat(Described.reply(read.receiveMessage())).isEqualTo("found 0.2 until 60 = 2");
    read.expectTerminated(entity);
    assertThat(handedBack).extracting(EntryRequest::replyTo).containsExactly(late.getRef());
  }

  /** Else a shard without room for any would start and stop the actor again and again. */
  @Test
  void wishToStopWhileItRecovers_letsWhatCameBeforeBeDone() {
    CompletableFuture<ProcessingResult> result = new CompletableFuture<>();
    KIT.stop(entity);
    JOURNAL.withPolicy((id, operation) -> result.join());
    entity = spawn();
    var written = ask(Scene.put("1"));
    passivate();
    var late = ask(Scene.put("2"));

    result.complete(ProcessingSuccess.getInstance());

    assertThat(Described.reply(written.receiveMessage())).isEqualTo("created 0.1 until 60 = 1");
    written.expectTerminated(entity);
    assertThat(handedBack).extracting(EntryRequest::replyTo).containsExactly(late.getRef());
  }

  @Test
  void actorThatStopsUnread_handsBackWhatWaits() {
    TestProbe<DeadLetter> lost = KIT.createDeadLetterProbe();
    JOURNAL.failNextNReads(NAME, 100);
    restart();
    ask(Scene.put("1"));

    KIT.stop(entity);

    DeadLetter letter =
        lost.fishForMessage(
                Duration.ofSeconds(3),
                next ->
                    next.message() instanceof EntryRequest
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore())
            .get(0);
    assertThat(((EntryRequest) letter.message()).command()).isEqualTo(Scene.put("1"));
  }

  /** As a shard asks for it. */
  private void passivate() {
    Adapter.toClassic(entity)
        .tell(PoisonPill.instance(), org.apache.pekko.actor.ActorRef.noSender());
  }
}
