package io.mayfly.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How a node opens the store that it shares. */
final class PostgresStoreTest {
  private static final int NODES = 3;

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
}
