package io.mayfly.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.mayfly.persistence.rocksdb.JournalProbe;
import io.mayfly.persistence.rocksdb.Noted;
import io.mayfly.protocol.ledger.LedgerChange;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessagesFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesFailed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Pekko's suite does not ask: two owners of one key, purges, and groups. */
final class PostgresJournalTest {
  private Config config;
  private StoreInUse node;

  @BeforeEach
  void open() {
    config = TestDatabase.empty();
    node = new StoreInUse(config);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void write_ofAnOwnerThatWasOvertaken_isRefusedAndChangesNothing() {
    try (StoreInUse other = new StoreInUse(config)) {
      node.probe().write("k", 1, Noted.of("first"));
      other.probe().write("k", 2, Noted.of("of the new owner"));

      node.probe().send("k", 2, Noted.of("of the old owner"));

      assertThat(node.probe().expectFailure()).isInstanceOf(StaleWriterException.class);
      node.probe().kit().expectMsgClass(WriteMessageFailure.class);
      assertThat(node.probe().replay("k").texts()).containsExactly("first", "of the new owner");
    }
  }

  @Test
  void write_ofAnOwnerThatWasOvertakenBehindDeletedEvents_isRefused() {
    try (StoreInUse other = new StoreInUse(config)) {
      node.probe().write("k", 1, Noted.of("first"));
      other.probe().write("k", 2, Noted.of("second"), Noted.of("third"));
      other.probe().delete("k", 3);

      node.probe().send("k", 2, Noted.of("of the old owner"));

      assertThat(node.probe().expectFailure()).isInstanceOf(StaleWriterException.class);
      node.probe().kit().expectMsgClass(WriteMessageFailure.class);
      assertThat(node.probe().replay("k")).isEqualTo(new JournalProbe.Replayed(List.of(), 3));
    }
  }

  @Test
  void write_toAKeyThatWasPurgedElsewhere_isRefused() {
    try (StoreInUse other = new StoreInUse(config)) {
      node.probe().write("k", 1, Noted.of("first"));
      other.probe().write("k", 2, Noted.purge(7));

      node.probe().send("k", 2, Noted.of("of the old owner"));

      assertThat(node.probe().expectFailure()).isInstanceOf(StaleWriterException.class);
      node.probe().kit().expectMsgClass(WriteMessageFailure.class);
    }
  }

  @Test
  void write_ofTheActorThatPurgedItsKey_goesOn() {
    node.probe().write("k", 1, Noted.of("first"));
    node.probe().write("k", 2, Noted.purge(7));

    node.probe().write("k", 3, Noted.of("again"));

    assertThat(node.probe().replay("k")).isEqualTo(new JournalProbe.Replayed(List.of("again"), 3));
  }

  @Test
  void purge_ofAKey_leavesNoRow() {
    node.probe().write("k", 1, Noted.of("first"));
    node.probe().saveSnapshot("k", 1, "state");

    node.probe().write("k", 2, Noted.purge(7));

    assertThat(node.probe().replay("k")).isEqualTo(new JournalProbe.Replayed(List.of(), 0));
    assertThat(node.probe().loadSnapshot("k")).isNull();
    assertThat(rows()).isZero();
  }

  @Test
  void write_thatTheDatabaseRefuses_failsAloneInItsGroup() {
    node.probe().send("bad\0id", 1, Noted.of("never"));
    node.probe().send("good", 1, Noted.of("stored"));

    Throwable failure = failureAmongTwo();

    assertThat(failure).isInstanceOf(StoreFailedException.class);
    assertThat(node.probe().replay("good").texts()).containsExactly("stored");
  }

  @Test
  void write_ofANodeThatIsNotEntitled_isNotBegun() {
    node.store().writeOnlyWhile(() -> false);

    node.probe().send("k", 1, Noted.of("never"));

    assertThat(node.probe().expectFailure()).isInstanceOf(StoreBusyException.class);
    node.probe().kit().expectMsgClass(WriteMessageFailure.class);
    assertThat(node.probe().replay("k").highestSequenceNr()).isZero();
  }

  @Test
  void write_whoseNodeIsNoLongerEntitledBeforeTheCommit_leavesNothing() {
    AtomicInteger looks = new AtomicInteger();
    node.store().writeOnlyWhile(() -> looks.getAndIncrement() == 0);

    node.probe().send("k", 1, Noted.of("never"));

    assertThat(node.probe().expectFailure()).isInstanceOf(StoreBusyException.class);
    node.probe().kit().expectMsgClass(WriteMessageFailure.class);
    assertThat(rows()).isZero();
  }

  @Test
  void rowOfANodeThatStandsStillInTheMiddleOfAWrite_isFreeForTheNextOwner() throws Exception {
    Config impatient =
        ConfigFactory.parseString(PostgresSettings.PATH + ".idle-patience = 300ms")
            .withFallback(config);
    node.probe().write("k", 1, Noted.of("first"));
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (StoreInUse paused = new StoreInUse(impatient)) {
      Future<Integer> write =
          thread.submit(
              () ->
                  paused
                      .store()
                      .sql()
                      .transact(
                          connection -> {
                            String sql = "UPDATE mayfly_key SET sequence_nr = 2";
                            try (PreparedStatement held = connection.prepareStatement(sql)) {
                              held.executeUpdate();
                              locked.countDown();
                              assertThat(awaited(goesOn)).isTrue();
                              return held.executeUpdate();
                            }
                          }));
      assertThat(awaited(locked)).isTrue();

      node.probe().write("k", 2, Noted.of("of the next owner"));

      goesOn.countDown();
      assertThatThrownBy(() -> write.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SQLException.class);
      assertThat(node.probe().replay("k").texts()).containsExactly("first", "of the next owner");
    } finally {
      thread.shutdownNow();
    }
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void events_ofOneWrite_areStoredTogetherWithTheLastChange() {
    node.probe().writeAtomically("k", 1, Noted.of("a"), Noted.of("b"), Noted.of(LedgerChange.NONE));

    assertThat(node.probe().replay("k"))
        .isEqualTo(new JournalProbe.Replayed(List.of("a", "b", "changed"), 3));
  }

  @Test
  void replay_behindASnapshotThatAnotherOneReplaced_fails() {
    node.probe().write("k", 1, Noted.of("a"), Noted.of("b"), Noted.of("c"));
    node.probe().saveSnapshot("k", 2, "state");
    node.probe().delete("k", 2);

    node.probe().sendReplay("k", 2);

    assertThat(node.probe().kit().expectMsgClass(ReplayMessagesFailure.class).cause())
        .isInstanceOf(StaleWriterException.class);
  }

  @Test
  void replay_ofWhatIsLeft_needsNoFirstEvent() {
    node.probe().write("k", 1, Noted.of("a"), Noted.of("b"), Noted.of("c"));
    node.probe().saveSnapshot("k", 2, "state");
    node.probe().delete("k", 2);

    assertThat(node.probe().replay("k", 0)).isEqualTo(new JournalProbe.Replayed(List.of("c"), 3));
  }

  /** Of two writes with one event each, one fails: four answers. */
  private Throwable failureAmongTwo() {
    List<Object> answers = node.probe().kit().receiveN(4, Duration.ofSeconds(10));
    return answers.stream()
        .filter(WriteMessagesFailed.class::isInstance)
        .map(answer -> ((WriteMessagesFailed) answer).cause())
        .findFirst()
        .orElseThrow();
  }

  private long rows() {
    return node.store()
        .sql()
        .ask(
            connection -> {
              String sql =
                  "SELECT (SELECT count(*) FROM mayfly_key) + (SELECT count(*) FROM mayfly_event)"
                      + " + (SELECT count(*) FROM mayfly_snapshot)";
              try (var statement = connection.createStatement();
                  var found = statement.executeQuery(sql)) {
                found.next();
                return found.getLong(1);
              }
            });
  }
}
