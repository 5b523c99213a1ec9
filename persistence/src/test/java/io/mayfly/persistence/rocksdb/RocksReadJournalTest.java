package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksReadJournalTest {
  @TempDir private Path directory;
  private StoreFixture fixture;
  private JournalProbe probe;
  private RocksReadJournal queries;

  @BeforeEach
  void open() {
    fixture = new StoreFixture(directory);
    probe = fixture.probe();
    queries =
        PersistenceQuery.get(fixture.system())
            .getReadJournalFor(RocksReadJournal.class, RocksReadJournal.IDENTIFIER);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void currentPersistenceIds_ofManyIds_namesEachOnceInOrder() {
    for (int i = 0; i < 1_200; i++) {
      probe.write("id%04d".formatted(i), 1, Noted.of("one"));
    }

    List<String> ids = all(queries.currentPersistenceIds());

    assertThat(ids)
        .isEqualTo(IntStream.range(0, 1_200).mapToObj(i -> "id%04d".formatted(i)).toList());
  }

  @Test
  void persistenceIds_live_namesNewOnesAsTheyAppear() {
    probe.write("a", 1, Noted.of("one"));
    TestSubscriber.Probe<String> ids = run(queries.persistenceIds());
    ids.request(10);
    assertThat(ids.expectNext()).isEqualTo("a");

    probe.write("a", 2, Noted.of("two"));
    probe.write("b", 1, Noted.of("one"));

    assertThat(ids.expectNext()).isEqualTo("b");
    ids.cancel();
  }

  @Test
  void currentEventsByPersistenceId_ofARange_isInclusive() {
    probe.write("a", 1, Noted.of("one"), Noted.of("two"), Noted.of("three"), Noted.of("four"));

    assertThat(texts(queries.currentEventsByPersistenceId("a", 2, 3)))
        .containsExactly("two", "three");
    assertThat(texts(queries.currentEventsByPersistenceId("a", 0, Long.MAX_VALUE))).hasSize(4);
    assertThat(texts(queries.currentEventsByPersistenceId("none", 0, Long.MAX_VALUE))).isEmpty();
  }

  @Test
  void eventsByPersistenceId_live_waitsForTheLastSequenceNumber() {
    probe.write("a", 1, Noted.of("one"));
    TestSubscriber.Probe<EventEnvelope> events = run(queries.eventsByPersistenceId("a", 1, 3));
    events.request(10);
    assertThat(JournalProbe.text(events.expectNext().event())).isEqualTo("one");

    probe.write("a", 2, Noted.of("two"), Noted.of("three"), Noted.of("four"));

    assertThat(events.expectNext().sequenceNr()).isEqualTo(2);
    assertThat(events.expectNext().sequenceNr()).isEqualTo(3);
    events.expectComplete();
  }

  @Test
  void currentEventsByTag_afterAnOffset_excludesIt() {
    probe.write("a", 1, tagged("one"));
    probe.write("b", 1, tagged("two"));
    probe.write("a", 2, Noted.of("untagged"), tagged("three"));

    List<EventEnvelope> events = all(queries.currentEventsByTag("tag", Offset.noOffset()));

    assertThat(events)
        .extracting(event -> JournalProbe.text(event.event()))
        .containsExactly("one", "two", "three");
    assertThat(texts(queries.currentEventsByTag("tag", events.get(1).offset())))
        .containsExactly("three");
    assertThat(texts(queries.currentEventsByTag("ta", Offset.noOffset()))).isEmpty();
  }

  @Test
  void currentEventsByTag_ofMoreThanAPage_missesNothing() {
    Object[] events = IntStream.range(0, 1_234).mapToObj(i -> tagged("" + i)).toArray();
    probe.write("a", 1, events);

    assertThat(texts(queries.currentEventsByTag("tag", Offset.noOffset())))
        .isEqualTo(IntStream.range(0, 1_234).mapToObj(i -> "" + i).toList());
  }

  @Test
  void eventsByTag_live_isWokenByCommits() {
    TestSubscriber.Probe<EventEnvelope> events = run(queries.eventsByTag("tag", Offset.noOffset()));
    events.request(1_000);
    events.ensureSubscription();

    for (int i = 0; i < 300; i++) {
      probe.write("a" + i, 1, tagged("" + i));
    }

    for (int i = 0; i < 300; i++) {
      assertThat(JournalProbe.text(events.expectNext().event())).isEqualTo("" + i);
    }
    events.cancel();
  }

  @Test
  void eventsByTag_live_resumesAfterAReopen() {
    probe.write("a", 1, tagged("one"), tagged("two"));
    Offset offset = all(queries.currentEventsByTag("tag", Offset.noOffset())).get(0).offset();
    fixture.close();
    open();

    TestSubscriber.Probe<EventEnvelope> events = run(queries.eventsByTag("tag", offset));
    events.request(10);
    probe.write("a", 3, tagged("three"));

    assertThat(JournalProbe.text(events.expectNext().event())).isEqualTo("two");
    EventEnvelope last = events.expectNext();
    assertThat(JournalProbe.text(last.event())).isEqualTo("three");
    assertThat(last.offset()).isEqualTo(new Sequence(2 + Orderings.RESERVED + 1));
    events.cancel();
  }

  @Test
  void eventsByTag_afterAPauseOfDemand_missesNothing() {
    TestSubscriber.Probe<EventEnvelope> events = run(queries.eventsByTag("tag", Offset.noOffset()));
    events.request(1);
    probe.write("a", 1, tagged("0"));
    assertThat(JournalProbe.text(events.expectNext().event())).isEqualTo("0");

    probe.write("a", 2, IntStream.range(1, 1_200).mapToObj(i -> tagged("" + i)).toArray());
    events.request(2_000);

    for (int i = 1; i < 1_200; i++) {
      assertThat(JournalProbe.text(events.expectNext().event())).isEqualTo("" + i);
    }
    events.cancel();
  }

  @Test
  void queries_afterAPurge_showNothingOfIt() {
    probe.write("a", 1, tagged("one"), tagged("two"));
    probe.write("b", 1, tagged("three"));

    probe.write("a", 3, Noted.purge(7));

    assertThat(texts(queries.currentEventsByTag("tag", Offset.noOffset())))
        .containsExactly("three");
    assertThat(texts(queries.currentEventsByPersistenceId("a", 1, Long.MAX_VALUE))).isEmpty();
    assertThat(all(queries.currentPersistenceIds())).containsExactly("b");
  }

  private static Object tagged(String text) {
    return JournalProbe.tagged(Noted.of(text), "tag");
  }

  private List<String> texts(Source<EventEnvelope, NotUsed> events) {
    return all(events).stream().map(event -> JournalProbe.text(event.event())).toList();
  }

  private <T> List<T> all(Source<T, NotUsed> source) {
    return source
        .runWith(Sink.seq(), fixture.system())
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private <T> TestSubscriber.Probe<T> run(Source<T, NotUsed> source) {
    return source.runWith(TestSink.create(fixture.system()), fixture.system());
  }
}
