package io.mayfly.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.persistence.rocksdb.FeedConformance;
import io.mayfly.persistence.rocksdb.JournalProbe;
import io.mayfly.persistence.rocksdb.Noted;
import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.testing.Await;
import io.mayfly.testing.Seed;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every feed does, and what this one does besides: one order for all nodes. */
final class PostgresFeedTest extends FeedConformance {
  private Config config;
  private StoreInUse node;
  private PostgresFeed feed;

  @BeforeEach
  void open() {
    config = TestDatabase.empty();
    openAgain();
  }

  private void openAgain() {
    node = new StoreInUse(config);
    feed = feed(node);
  }

  private static PostgresFeed feed(StoreInUse of) {
    return PostgresFeed.of(of.system(), FeedConformance::tag, () -> Instant.EPOCH);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Override
  protected Feed feed() {
    return feed;
  }

  @Override
  protected JournalProbe probe() {
    return node.probe();
  }

  @Override
  protected void awaitTold() {
    long now = now();
    Await.until("told up to " + now, () -> feed.end("ns") >= now);
  }

  private long now() {
    return feed.now("ns").toCompletableFuture().join();
  }

  @Override
  protected void forgetBefore(long position) throws SQLException {
    FeedAging aging = new FeedAging(node.store(), now() - position + 1);
    assertThat(aging.step(0, -1)).isFalse();
  }

  @Override
  protected void reopen() {
    close();
    openAgain();
  }

  @Test
  void aging_takesWhatIsOlderThanTheWindow() throws SQLException {
    FeedAging aging = new FeedAging(node.store(), Long.MAX_VALUE);
    write("ns", "a", 1);
    assertThat(aging.step(1_000, 0)).isFalse();
    write("ns", "a", 2);
    assertThat(aging.step(2_000, 1_000)).isFalse();

    assertThat(after("ns", 0, 10)).isEmpty();
    assertThat(texts(after("ns", 1, 10).orElseThrow().events())).containsExactly("a 2");
  }

  @Test
  void deletedEvents_areToldUntilTheyAreOldAndNeverReplayed() throws SQLException {
    write("ns", "a", 1);
    write("ns", "a", 2);
    probe().delete("ns/a", 2);

    assertThat(probe().replay("ns/a").texts()).isEmpty();
    assertThat(texts(after("ns", 0, 10).orElseThrow().events())).containsExactly("a 1", "a 2");
    assertThat(eventsStored()).isEqualTo(2);

    forgetBefore(2);
    assertThat(eventsStored()).isEqualTo(1);
  }

  private long eventsStored() {
    return node.store()
        .sql()
        .ask(
            connection -> {
              try (var statement = connection.createStatement();
                  var rows = statement.executeQuery("SELECT count(*) FROM mayfly_event")) {
                rows.next();
                return rows.getLong(1);
              }
            });
  }

  @Test
  void listener_thatHasNotHeardOfWhatIsPurged_isToldThatItMissedIt() throws Exception {
    BlockingQueue<Long> missed = new LinkedBlockingQueue<>();
    Feed.Listener listener =
        new Feed.Listener() {
          @Override
          public void accept(List<Fed> news) {}

          @Override
          public void missed(long position) {
            missed.add(position);
          }
        };
    awaitTold();
    long before = now();
    FeedPoll late =
        new FeedPoll(
            node.store(),
            new EventCodec(SerializationExtension.get(node.system())),
            Duration.ofMillis(1),
            before);
    try (AutoCloseable listening = late.listen(tag("ns"), listener)) {
      assertThat(listening).isNotNull();
      write("ns", "a", 1);
      probe().write("ns/a", 2, Noted.purge(7));

      late.start();

      assertThat(missed.poll(10, TimeUnit.SECONDS)).isEqualTo(before + 1);
    } finally {
      late.close();
    }
  }

  @Test
  void listeners_onTwoNodes_hearWhatManyWritersStoreInOneOrder() throws Exception {
    SplittableRandom random = Seed.random("PostgresFeedTest");
    List<Fed> here = new CopyOnWriteArrayList<>();
    List<Fed> there = new CopyOnWriteArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (StoreInUse other = new StoreInUse(config);
        AutoCloseable first = feed.listen("ns", here::addAll);
        AutoCloseable second = feed(other).listen("ns", there::addAll)) {
      assertThat(List.of(first, second)).doesNotContainNull();
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        String key = "k" + writer;
        StoreInUse through = writer % 2 == 0 ? node : other;
        JournalProbe probe = new JournalProbe(through.system());
        SplittableRandom own = random.split();
        writers.add(threads.submit(() -> writeMany(probe, key, own)));
      }
      for (Future<?> writer : writers) {
        writer.get(30, TimeUnit.SECONDS);
      }
      Await.until("all told", () -> here.size() >= 400 && there.size() >= 400);
    } finally {
      threads.shutdownNow();
    }

    FeedPage all = after("ns", 0, 1_000).orElseThrow();
    assertThat(all.events()).hasSize(400);
    assertThat(here).isEqualTo(all.events()).isEqualTo(there);
    assertThat(all.events().stream().map(Fed::position)).isSorted().doesNotHaveDuplicates();
    for (int writer = 0; writer < 4; writer++) {
      String key = "k" + writer;
      assertThat(
              all.events().stream()
                  .map(fed -> (FeedEvent.OfEntry) fed.event())
                  .filter(told -> told.name().equals(key)))
          .extracting(told -> told.event().version().revision())
          .isSorted()
          .hasSize(100);
    }
  }

  private static void writeMany(JournalProbe probe, String key, SplittableRandom random) {
    for (long revision = 1; revision <= 100; ) {
      int count = (int) Math.min(1 + random.nextInt(5), 101 - revision);
      Object[] events = new Object[count];
      for (int i = 0; i < count; i++) {
        events[i] = JournalProbe.tagged(told("ns", key, revision + i), tag("ns"));
      }
      probe.write("ns/" + key, revision, events);
      revision += count;
    }
  }
}
