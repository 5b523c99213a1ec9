package io.mayfly.persistence.rocksdb;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.persistence.plugin.EventCodec;
import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.FeedPage;
import io.mayfly.protocol.feed.Standing;
import io.mayfly.protocol.feed.Told;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.serialization.SerializationExtension;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed on the embedded store: events by the tag of their namespace, at the ordering of their
 * commit. What is older than the window is forgotten now and then, on the journal's thread.
 */
public final class RocksFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(RocksFeed.class);
  private static final String JOURNAL = StoreSettings.PATH + ".journal";
  private static final int PAGE_BYTES = 1 << 20;
  private static final int AGED_ROWS = 500;

  private final RocksStore store;
  private final EventCodec codec;
  private final UnaryOperator<String> tagOf;

  private RocksFeed(RocksStore store, EventCodec codec, UnaryOperator<String> tagOf) {
    this.store = store;
    this.codec = codec;
    this.tagOf = tagOf;
  }

  /**
   * The feed of an actor system's store.
   *
   * @param tagOf the tag that the events of a namespace carry
   */
  public static RocksFeed of(ClassicActorSystemProvider system, UnaryOperator<String> tagOf) {
    RocksStore store = RocksStoreExtension.get(system).store();
    return new RocksFeed(store, new EventCodec(SerializationExtension.get(system)), tagOf);
  }

  /** Lets all that feeds tell of a store grow old, until the system terminates. */
  public static void age(ClassicActorSystemProvider system, InstantSource clock) {
    RocksStore store = RocksStoreExtension.get(system).store();
    var classic = system.classicSystem();
    Config config = classic.settings().config().getConfig(StoreSettings.PATH + ".feed");
    Aging aging =
        new Aging(
            store,
            Persistence.get(system).journalFor(JOURNAL, ConfigFactory.empty()),
            clock,
            config.getDuration("window"),
            config.getLong("events-max"));
    Duration interval = config.getDuration("aging-interval");
    classic
        .scheduler()
        .scheduleWithFixedDelay(interval, interval, aging::begin, classic.dispatcher());
  }

  /** A pass over everything that has grown old, in small steps. */
  private static final class Aging {
    private final RocksStore store;
    private final ActorRef journal;
    private final InstantSource clock;
    private final Duration window;
    private final long eventsMax;
    private final FeedAging feed;
    private volatile boolean underWay;
    private volatile FeedAging.@Nullable Row last;

    Aging(
        RocksStore store, ActorRef journal, InstantSource clock, Duration window, long eventsMax) {
      this.store = store;
      this.journal = journal;
      this.clock = clock;
      this.window = window;
      this.eventsMax = eventsMax;
      this.feed = new FeedAging(store);
    }

    void begin() {
      if (!underWay) {
        underWay = true;
        last = null;
        step();
      }
    }

    private void step() {
      try {
        store.readers().execute(this::find);
      } catch (RejectedExecutionException e) {
        underWay = false;
      }
    }

    private void find() {
      try {
        long oldestMillis = clock.millis() - window.toMillis();
        List<FeedAging.Old> rows =
            feed.find(last, oldestMillis, store.feedTaps().end() - eventsMax, AGED_ROWS);
        if (rows.isEmpty()) {
          underWay = false;
        } else {
          last = rows.get(rows.size() - 1).row();
          journal.tell(new RocksJournal.InTurn(() -> forget(rows)), ActorRef.noSender());
        }
      } catch (RuntimeException e) {
        underWay = false;
        LOG.debug("the feed could not be searched for what has grown old", e);
      }
    }

    private void forget(List<FeedAging.Old> rows) {
      try {
        feed.forget(rows);
      } catch (StoreUnavailableException e) {
        underWay = false;
        return;
      }
      step();
    }
  }

  @Override
  public String series(String namespace) {
    return store.identity();
  }

  @Override
  public boolean durable(String namespace) {
    return true;
  }

  @Override
  public long end(String namespace) {
    return store.feedTaps().end();
  }

  @Override
  public AutoCloseable listen(String namespace, Listener listener) {
    return store.feedTaps().listen(tagOf.apply(namespace), listener);
  }

  @Override
  public CompletionStage<Optional<FeedPage>> after(String namespace, long position, int limit) {
    String tag = tagOf.apply(namespace);
    return store.readers().supply(() -> page(tag, position, limit));
  }

  private Optional<FeedPage> page(String tag, long position, int limit) {
    if (position < 0 || position > store.feedTaps().end()) {
      return Optional.empty();
    }
    Found found = store.database().look(view -> found(view, tag, position, limit));
    if (found.floor() > position) {
      return Optional.empty();
    }
    List<Fed> events = new ArrayList<>(found.events().size());
    for (Stored stored : found.events()) {
      if (codec.payload(stored.event()) instanceof Told told) {
        FeedEvent event = told.feedEvent();
        if (event != null) {
          events.add(new Fed(stored.ordering(), event));
        }
      }
    }
    return Optional.of(new FeedPage(events, found.next(), found.more()));
  }

  private static final class Stored {
    private final long ordering;
    private final byte[] event;

    Stored(long ordering, byte[] event) {
      this.ordering = ordering;
      this.event = event;
    }

    long ordering() {
      return ordering;
    }

    byte[] event() {
      return event;
    }
  }

  private record Found(long floor, List<Stored> events, long next, boolean more) {}

  private static Found found(View view, String tag, long position, int limit) {
    long floor = number(view, Keys.feedFloor(new ByteWriter(64), tag).toBytes());
    List<Stored> events = new ArrayList<>();
    RocksIterator rows = view.rows(Column.TAGS);
    byte[] end = Keys.numberedEnd(tag);
    long bytes = 0;
    long next = position;
    rows.seek(Keys.numbered(tag, position + 1));
    while (rows.isValid() && Arrays.compareUnsigned(rows.key(), end) < 0) {
      if (events.size() >= limit || bytes >= PAGE_BYTES) {
        return new Found(floor, events, next, true);
      }
      FeedAging.Row row = FeedAging.row(rows.key(), rows.value());
      byte[] event = view.get(Column.EVENTS, Keys.numbered(row.id(), row.sequenceNr()));
      if (event != null && EventCodec.ordering(event) == row.ordering()) {
        events.add(new Stored(row.ordering(), event));
        bytes += event.length;
      }
      next = row.ordering();
      rows.next();
    }
    return new Found(floor, events, Math.max(next, number(view, Keys.LAST_ORDERING)), false);
  }

  private static long number(View view, byte[] key) {
    byte[] value = view.get(Column.META, key);
    return value == null ? 0 : ByteReader.lastI64(value);
  }

  @Override
  public CompletionStage<Standing> standing(ListQuery query) {
    return store
        .readers()
        .supply(
            () ->
                store
                    .database()
                    .look(
                        view ->
                            new Standing(standing(view, query), number(view, Keys.LAST_ORDERING))));
  }

  private static List<LedgerRow> standing(View view, ListQuery query) {
    byte[] first = Keys.listing(new ByteWriter(64), query.namespace(), query.prefix()).toBytes();
    byte[] end = LedgerRows.endOfPrefix(first);
    List<LedgerRow> found = new ArrayList<>();
    RocksIterator rows = view.rows(Column.LISTING);
    rows.seek(RocksLedger.startByKey(query, first));
    while (rows.isValid()
        && found.size() < query.limit()
        && Arrays.compareUnsigned(rows.key(), end) < 0) {
      LedgerRow row = LedgerRows.listed(query.namespace(), rows.key(), rows.value());
      if (query.shows(row)) {
        found.add(row);
      }
      rows.next();
    }
    return found;
  }
}
