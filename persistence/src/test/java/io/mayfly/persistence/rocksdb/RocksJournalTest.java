package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesSuccessful$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksJournalTest {
  private static final String ID = "entry|ns/key-of-the-test";

  @TempDir private Path directory;
  private StoreFixture fixture;
  private JournalProbe probe;

  @BeforeEach
  void open() {
    fixture = new StoreFixture(directory.resolve("data"));
    probe = fixture.probe();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void write_afterAKill_isThere() {
    probe.write(ID, 1, Noted.of("one"), Noted.of("two"));

    Path left = TestStores.copy(directory.resolve("data"), directory.resolve("left"));

    try (StoreFixture recovered = new StoreFixture(left)) {
      assertThat(recovered.probe().replay(ID).texts()).containsExactly("one", "two");
    }
  }

  @Test
  void forcedWrite_amongOthers_isAcknowledged() {
    probe.write(ID, 1, Noted.of("one"), Noted.forced("two"));
    probe.write("other", 1, Noted.of("three"));

    assertThat(probe.replay(ID).texts()).containsExactly("one", "two");
  }

  @Test
  void write_ofWhatCannotBeSerialized_isRejectedAlone() {
    probe.send(ID, 1, Noted.of("one"), Noted.of("unserializable"), Noted.of("three"));

    probe.kit().expectMsg(WriteMessagesSuccessful$.MODULE$);
    probe.kit().expectMsgClass(WriteMessageSuccess.class);
    probe.kit().expectMsgClass(WriteMessageRejected.class);
    probe.kit().expectMsgClass(WriteMessageSuccess.class);
    assertThat(probe.replay(ID).texts()).containsExactly("one", "three");
  }

  @Test
  void purge_ofAnId_leavesNoRowInAnyColumn() {
    fillAndPurge();

    assertNoTrace(fixture.store().database());
  }

  @Test
  void purge_thenErasure_leavesNoByteInAnyFile() {
    fillAndPurge();
    assertThat(TestStores.filesContaining(directory, "key-of-the-test")).isNotEmpty();

    fixture.store().erasure().erase();

    assertThat(TestStores.filesContaining(directory, "key-of-the-test")).isEmpty();
    assertThat(TestStores.filesContaining(directory, "secret-value")).isEmpty();
  }

  @Test
  void purge_ofWhatWasFlushedBefore_leavesNoByteInAnyFile() {
    fill();
    fixture.store().database().flush();
    probe.write(ID, 4, purgeOfRow());

    fixture.store().erasure().erase();

    assertThat(TestStores.filesContaining(directory, "key-of-the-test")).isEmpty();
    assertThat(TestStores.filesContaining(directory, "secret-value")).isEmpty();
  }

  @Test
  void purge_inTheSameGroupAsEarlierWrites_removesThem() {
    Object tagged = JournalProbe.tagged(Noted.of("secret-value"), "tag");

    probe.send(ID, 1, tagged, Noted.of("secret-value"));
    probe.send(ID, 3, Noted.purge(7));
    probe.send(ID, 4, JournalProbe.tagged(Noted.of("later"), "tag"));
    probe.expectSuccess(2);
    probe.expectSuccess(1);
    probe.expectSuccess(1);

    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of("later"), 4));
    assertThat(rows(fixture.store().database(), Column.TAGS)).isEqualTo(1);
  }

  @Test
  void purge_inTheSameAtomicWriteAsEarlierEvents_removesThem() {
    probe.writeAtomically(ID, 1, Noted.of("secret-value"), Noted.purge(7), Noted.of("later"));

    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of("later"), 3));
  }

  @Test
  void write_afterAPurge_startsAnotherLife() {
    fillAndPurge();

    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of(), 0));
    probe.write(ID, 5, Noted.of("again"));
    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of("again"), 5));
    assertThat(probe.loadSnapshot(ID)).isNull();
  }

  @Test
  void ordering_afterAReopen_continues() {
    probe.write(ID, 1, JournalProbe.tagged(Noted.of("one"), "tag"));
    fixture.close();
    fixture = new StoreFixture(directory.resolve("data"));
    probe = fixture.probe();

    probe.write(ID, 2, JournalProbe.tagged(Noted.of("two"), "tag"));

    assertThat(rows(fixture.store().database(), Column.TAGS)).isEqualTo(2);
    assertThat(fixture.store().database().number(Column.META, Keys.LAST_ORDERING))
        .isEqualTo(1 + Orderings.RESERVED + 1);
  }

  /** What follows another event of its key writes no head of its own. */
  @Test
  void head_isThatOfTheLastEvent_whateverIsDeleted() {
    Database database = fixture.store().database();
    fill();
    Object next = JournalProbe.tagged(Noted.of(standing()), "tag");
    probe.write(ID, 4, next, next);
    byte[] written = database.get(Column.HEADS, Keys.eventHead(ID));
    probe.write(ID, 6, next);
    assertThat(probe.replay(ID).highestSequenceNr()).isEqualTo(6);
    assertThat(database.get(Column.HEADS, Keys.eventHead(ID))).isEqualTo(written);

    probe.delete(ID, 5);
    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of("changed"), 6));

    probe.delete(ID, Long.MAX_VALUE);
    FeedAging aging = new FeedAging(fixture.store());
    aging.forget(aging.find(null, Long.MAX_VALUE, 0, 100));
    assertThat(rows(database, Column.EVENTS)).isZero();
    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of(), 6));

    probe.write(ID, 7, next);
    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of("changed"), 7));
  }

  @Test
  void delete_ofEvents_leavesThoseThatTheFeedTellsUntilItForgetsThem() {
    Database database = fixture.store().database();
    probe.write(
        ID,
        1,
        JournalProbe.tagged(Noted.of("one"), "tag"),
        Noted.of("two"),
        JournalProbe.tagged(Noted.of("three"), "tag"));

    probe.delete(ID, 2);

    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of("three"), 3));
    assertThat(rows(database, Column.EVENTS)).isEqualTo(2);
    assertThat(rows(database, Column.TAGS)).isEqualTo(2);

    FeedAging aging = new FeedAging(fixture.store());
    aging.forget(aging.find(null, Long.MAX_VALUE, 0, 100));

    assertThat(probe.replay(ID)).isEqualTo(new JournalProbe.Replayed(List.of("three"), 3));
    assertThat(rows(database, Column.EVENTS)).isEqualTo(1);
    assertThat(rows(database, Column.TAGS)).isZero();

    probe.delete(ID, 3);

    assertThat(rows(database, Column.EVENTS)).isZero();
  }

  @Test
  void aging_ofAnIdThatWasPurgedAndBegunAnew_keepsItsNewEvents() {
    probe.write(ID, 1, JournalProbe.tagged(Noted.of("old"), "tag"));
    probe.delete(ID, 1);
    FeedAging aging = new FeedAging(fixture.store());
    var found = aging.find(null, Long.MAX_VALUE, 0, 100);
    assertThat(found).extracting(FeedAging.Old::needless).containsExactly(true);

    probe.write(ID, 2, purgeOfRow());
    probe.write(ID, 1, JournalProbe.tagged(Noted.of("new"), "tag"));
    aging.forget(found);

    assertThat(probe.replay(ID).texts()).containsExactly("new");
    assertThat(rows(fixture.store().database(), Column.TAGS)).isEqualTo(1);
  }

  @Test
  void aging_inSteps_forgetsAllThatIsOldInOnePass() {
    for (int number = 1; number <= 7; number++) {
      probe.write(ID, number, JournalProbe.tagged(Noted.of("event"), "tag", "other"));
    }
    FeedAging aging = new FeedAging(fixture.store());

    FeedAging.Row last = null;
    List<FeedAging.Old> found = aging.find(null, Long.MAX_VALUE, 0, 3);
    while (!found.isEmpty()) {
      aging.forget(found);
      last = found.get(found.size() - 1).row();
      found = aging.find(last, Long.MAX_VALUE, 0, 3);
    }

    assertThat(last).isNotNull();
    assertThat(rows(fixture.store().database(), Column.TAGS)).isZero();
    assertThat(probe.replay(ID).texts()).hasSize(7);
  }

  private void fillAndPurge() {
    fill();
    probe.write(ID, 4, purgeOfRow());
  }

  private void fill() {
    LedgerChange appeared = new LedgerChange(null, row(), null, row().expiresAt(), 0);
    probe.write(
        ID,
        1,
        JournalProbe.tagged(new Noted("secret-value", appeared, false), "tag", "other"),
        JournalProbe.tagged(Noted.of("secret-value"), "tag"),
        Noted.of("secret-value"));
    probe.saveSnapshot(ID, 2, "secret-value");
  }

  private static Noted purgeOfRow() {
    return Noted.of(new LedgerChange(row(), null, row().expiresAt(), null, 7));
  }

  private static LedgerChange standing() {
    return new LedgerChange(row(), row(), row().expiresAt(), row().expiresAt(), 0);
  }

  private static LedgerRow row() {
    return new LedgerRow(
        new EntryId("ns", "key-of-the-test"),
        new Version(7, 1),
        Instant.ofEpochSecond(100),
        Instant.ofEpochSecond(200));
  }

  /**
   * Nothing but what the store knows of itself: its identity, the last and the reserved ordering,
   * the highest purged, the erasure owed, and the feed floors of two tags.
   */
  private static void assertNoTrace(Database database) {
    for (Column column : Column.ALL) {
      assertThat(rows(database, column)).as(column.name()).isEqualTo(column == Column.META ? 7 : 0);
    }
  }

  private static int rows(Database database, Column column) {
    int[] count = {0};
    database.scan(
        column,
        new byte[0],
        new byte[] {-1, -1, -1, -1},
        (key, value) -> {
          count[0]++;
          return true;
        });
    return count[0];
  }
}
