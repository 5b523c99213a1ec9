package io.mayfly.persistence.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mayfly.protocol.ledger.Ledger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of a cluster, as one node uses it: a pool of connections and the threads that use them.
 *
 * <p>A database that is gone is not the end of a node: what it cannot write fails, and it goes on
 * when the database is back.
 */
public final class PostgresStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);
  private static final int SHELVES = 64;
  private static final long CLOSE_SECONDS = 10;

  /**
   * Taken by whoever looks whether there are tables, until his connection ends. The library takes a
   * lock of its own only when it knows that, and fails when another node begins in between. Another
   * node may take ten minutes to renew them.
   */
  static final String MIGRATION_LOCK =
      "SET lock_timeout = '10min'; SELECT pg_advisory_lock(hashtext('mayfly_migration'))";

  private final PostgresSettings settings;
  private final HikariDataSource pool;
  private final Sql sql;
  private final ThreadPoolExecutor readers;
  private final PostgresLedger ledger;
  private final DatabaseWatch watch;
  private final short shelf = (short) ThreadLocalRandom.current().nextInt(SHELVES);
  private volatile BooleanSupplier entitled = () -> true;
  private volatile IntSupplier writesWaiting = () -> 0;

  private PostgresStore(PostgresSettings settings, HikariDataSource pool) {
    this.settings = settings;
    this.pool = pool;
    this.sql = new Sql(pool);
    this.readers = readers(settings);
    this.ledger = new PostgresLedger(sql, readers);
    this.watch = new DatabaseWatch(sql, settings.lookInterval(), settings.connectPatience());
  }

  /**
   * Connects, and creates or renews the tables.
   *
   * @throws IllegalStateException when that cannot be done, with a message for an operator
   */
  public static PostgresStore open(PostgresSettings settings) {
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(poolConfig(settings));
    } catch (RuntimeException e) {
      throw unusable(settings, e);
    }
    try {
      migrate(settings);
      PostgresStore store = new PostgresStore(settings, pool);
      store.learnPurged();
      store.watch.start();
      return store;
    } catch (FlywayException | StoreFailedException e) {
      pool.close();
      throw unusable(settings, e);
    }
  }

  /**
   * Creates or renews the tables, or waits while another node does. Over connections of its own:
   * what ends a transaction that stands still would end the one that holds the library's lock
   * meanwhile.
   */
  private static void migrate(PostgresSettings settings) {
    try (Connection alone =
            DriverManager.getConnection(settings.url(), settings.user(), settings.password());
        Statement lock = alone.createStatement()) {
      lock.execute(MIGRATION_LOCK);
      Flyway.configure()
          .dataSource(settings.url(), settings.user(), settings.password())
          .locations("classpath:io/mayfly/persistence/postgresql/migration")
          .table("mayfly_migration")
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .load()
          .migrate();
    } catch (SQLException e) {
      throw new StoreFailedException(e);
    }
  }

  private static IllegalStateException unusable(PostgresSettings settings, RuntimeException cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new IllegalStateException(
        "the database "
            + settings.url()
            + " cannot be used: "
            + root.getMessage()
            + ". Check that it runs, and "
            + PostgresSettings.PATH
            + ".url, user and password.",
        cause);
  }

  private static HikariConfig poolConfig(PostgresSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("mayfly");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(settings.connections());
    config.setConnectionTimeout(settings.connectPatience().toMillis());
    config.setValidationTimeout(Math.max(250, settings.connectPatience().toMillis() / 2));
    config.setInitializationFailTimeout(settings.connectPatience().toMillis());
    config.addDataSourceProperty(
        "socketTimeout", Math.max(1, (int) settings.answerPatience().toSeconds()));
    config.addDataSourceProperty(
        "connectTimeout", Math.max(1, (int) settings.connectPatience().toSeconds()));
    // What is acknowledged is on disk, whatever the database does by default. And who stands still
    // in the middle of a write gives up its rows, before other nodes take its keys over and want
    // them.
    config.setConnectionInitSql(
        "SET synchronous_commit = on; SET idle_in_transaction_session_timeout = "
            + settings.idlePatience().toMillis());
    config.addDataSourceProperty("tcpKeepAlive", true);
    // What it says of a row names the key, and its failures are logged.
    config.addDataSourceProperty("logServerErrorDetail", false);
    config.addDataSourceProperty("ApplicationName", "mayfly");
    return config;
  }

  private static ThreadPoolExecutor readers(PostgresSettings settings) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        settings.readers(),
        settings.readers(),
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(settings.readerQueue()),
        task -> {
          Thread thread = new Thread(task, "mayfly-store-reader-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** The ledger that this store keeps. */
  public Ledger ledger() {
    return ledger;
  }

  /** Why the database cannot be used now; empty while it can. */
  public Optional<String> trouble() {
    return watch.trouble();
  }

  /** Whether the database answers. */
  public boolean answers() {
    return watch.trouble().isEmpty();
  }

  /**
   * Whether so many writes wait that clients should not add to them. What the node itself ends and
   * purges has the rest of the queue.
   */
  public boolean congested() {
    return writesWaiting.getAsInt() > settings.writerQueue() / 2;
  }

  /**
   * Names who says whether this node may write at all. A node that lost its majority may not: its
   * keys may have gone to others.
   */
  public void writeOnlyWhile(BooleanSupplier mayWrite) {
    entitled = mayWrite;
  }

  /** Ends what is under way, and closes all connections. */
  @Override
  public void close() {
    watch.close();
    readers.shutdown();
    try {
      if (!readers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        readers.shutdownNow();
      }
    } catch (InterruptedException e) {
      readers.shutdownNow();
      Thread.currentThread().interrupt();
    }
    pool.close();
  }

  PostgresSettings settings() {
    return settings;
  }

  Sql sql() {
    return sql;
  }

  Executor readers() {
    return readers;
  }

  short shelf() {
    return shelf;
  }

  void writesWait(IntSupplier count) {
    writesWaiting = count;
  }

  boolean permitsWrites() {
    return entitled.getAsBoolean();
  }

  /** Takes note that the database did not answer. */
  void lost(SQLException failure) {
    LOG.debug("the database failed", failure);
    watch.lost(String.valueOf(failure.getMessage()));
  }

  /** Takes note of a purge that was committed. */
  void purged(long incarnation) {
    ledger.purged(incarnation);
  }

  /** Takes note of what all nodes have purged so far. */
  void learnPurged() {
    ledger.purged(sql.ask(PostgresStore::highestPurged));
  }

  private static long highestPurged(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT coalesce(max(incarnation), 0) FROM mayfly_purged")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
