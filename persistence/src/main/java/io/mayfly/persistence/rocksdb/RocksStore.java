package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.protocol.ledger.Ledger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store of one data directory: everything that Mayfly remembers on one node. Opened once per
 * directory, before anything uses it; closed after everything that uses it.
 *
 * <p>Invariant: after the first failed write no other is accepted, so that what was acknowledged is
 * never followed by a gap.
 */
public final class RocksStore implements AutoCloseable {
  private final DataDirectory directory;
  private final Database database;
  private final StoreSettings settings;
  private final Readers readers;
  private final Erasure erasure;
  private final Commits commits = new Commits();
  private final Deletions deletions = new Deletions();
  private final RocksLedger ledger;
  private final FeedTaps feedTaps;
  private final String identity;
  private final AtomicReference<@Nullable StoreUnavailableException> failure =
      new AtomicReference<>();
  private volatile Consumer<StoreUnavailableException> failureListener = failed -> {};

  private RocksStore(DataDirectory directory, Database database, StoreSettings settings) {
    this.directory = directory;
    this.database = database;
    this.settings = settings;
    this.readers = new Readers(settings.readers(), settings.readerQueue());
    this.ledger = new RocksLedger(database, readers);
    this.identity = identity(database);
    this.feedTaps = new FeedTaps(Math.max(0, database.number(Column.META, Keys.LAST_ORDERING)));
    this.erasure =
        new Erasure(database, settings.erasureInterval(), settings.erasureShare(), this::failed);
  }

  /**
   * Opens the store, creating it in an empty or absent directory, and recovers what was written
   * before an unclean stop.
   *
   * @throws StoreUnavailableException when it cannot; nothing is left open then
   */
  public static RocksStore open(Path path, StoreSettings settings) {
    DataDirectory directory = DataDirectory.claim(path.toAbsolutePath().normalize());
    try {
      Database database = StoreOpening.open(directory, settings);
      try {
        return new RocksStore(directory, database, settings);
      } catch (RuntimeException e) {
        database.close(false);
        throw e;
      }
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** The ledger that this store keeps. */
  public Ledger ledger() {
    return ledger;
  }

  /**
   * Registers who is told, once, when the store fails. A node whose store failed must stop: it can
   * neither write nor end anything.
   */
  public void onFailure(Consumer<StoreUnavailableException> listener) {
    failureListener = listener;
    StoreUnavailableException failed = failure.get();
    if (failed != null) {
      listener.accept(failed);
    }
  }

  /** Why the store failed; empty while it works. */
  public Optional<String> trouble() {
    return Optional.ofNullable(failure.get()).map(StoreUnavailableException::getMessage);
  }

  /** Writes to disk what is not there yet, and releases the directory. */
  @Override
  public void close() {
    erasure.close();
    readers.close();
    boolean sound = failure.get() == null;
    try {
      if (database.close(sound) && sound) {
        directory.markClean();
      }
    } finally {
      directory.close();
    }
  }

  /** Writes a batch in one step. */
  void write(ComposedBatch batch) {
    refuseAfterFailure();
    try {
      database.write(batch);
    } catch (StoreUnavailableException e) {
      failed(e);
      throw e;
    }
  }

  /** Forces everything written so far to disk. */
  void sync() {
    refuseAfterFailure();
    try {
      database.sync();
    } catch (StoreUnavailableException e) {
      failed(e);
      throw e;
    }
  }

  Database database() {
    return database;
  }

  StoreSettings settings() {
    return settings;
  }

  Commits commits() {
    return commits;
  }

  Deletions deletions() {
    return deletions;
  }

  Erasure erasure() {
    return erasure;
  }

  /** The events that are committed, for those who listen. */
  FeedTaps feedTaps() {
    return feedTaps;
  }

  /** By what this store is told from every other: eight hexadecimal digits. */
  String identity() {
    return identity;
  }

  /** Gives the store its identity when it has none yet. */
  private static String identity(Database database) {
    byte[] known = database.get(Column.META, Keys.IDENTITY);
    if (known != null) {
      return HexFormat.of().formatHex(known);
    }
    byte[] identity = new byte[4];
    new SecureRandom().nextBytes(identity);
    ComposedBatch batch = database.newBatch();
    batch.put(
        Column.META,
        new ByteWriter(1).raw(Keys.IDENTITY),
        new ByteWriter(identity.length).raw(identity));
    database.write(batch);
    database.sync();
    return HexFormat.of().formatHex(identity);
  }

  Readers readers() {
    return readers;
  }

  /** Takes note of a purge that was committed. */
  void purged(long incarnation) {
    ledger.purged(incarnation);
    erasure.request();
  }

  private void refuseAfterFailure() {
    StoreUnavailableException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private void failed(StoreUnavailableException cause) {
    if (cause.reason() != StoreUnavailableException.Reason.CLOSED
        && failure.compareAndSet(null, cause)) {
      failureListener.accept(cause);
    }
  }
}
