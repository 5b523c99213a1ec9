package io.mayfly.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.typesafe.config.ConfigFactory;
import io.mayfly.testing.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How a node opens the store that it shares. */
final class PostgresStoreTest {
  private static final int NODES = 3;
  private static final String WAITING =
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
  private static final String TABLES =
      "SELECT 1 FROM pg_tables WHERE tablename = 'mayfly_migration'";

  /** Who makes the tables holds a lock in a transaction that stands still meanwhile. */
  @Test
  void nodes_thatStartAtOnceAndTakeLongerThanTransactionsMayStandStill_allOpenTheStore() {
    PostgresSettings settings =
        PostgresSettings.from(
            ConfigFactory.parseString(PostgresSettings.PATH + ".idle-patience = 1ms")
                .withFallback(TestDatabase.empty()));
    ExecutorService threads = Executors.newFixedThreadPool(NODES);
    try {
      List<Future<?>> nodes = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        nodes.add(threads.submit(() -> PostgresStore.open(settings).close()));
      }
      for (Future<?> node : nodes) {
        assertThatCode(node::get).doesNotThrowAnyException();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The library looks whether there are tables before it takes its lock. */
  @Test
  void node_thatStartsWhileAnotherMakesTheTables_waitsBeforeItLooksAtThem() throws Exception {
    PostgresSettings settings = PostgresSettings.from(TestDatabase.empty());
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Connection other =
            DriverManager.getConnection(settings.url(), settings.user(), settings.password());
        Statement statement = other.createStatement()) {
      statement.execute(PostgresStore.MIGRATION_LOCK);
      Future<?> node = threads.submit(() -> PostgresStore.open(settings).close());
      Await.until("the node waits", () -> node.isDone() || answers(statement, WAITING));

      assertThat(node).isNotDone();
      assertThat(answers(statement, TABLES)).isFalse();

      statement.execute("SELECT pg_advisory_unlock_all()");
      node.get();
      assertThat(answers(statement, TABLES)).isTrue();
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean answers(Statement statement, String question) throws SQLException {
    try (ResultSet answer = statement.executeQuery(question)) {
      return answer.next();
    }
  }
}
