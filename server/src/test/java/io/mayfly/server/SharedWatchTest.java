package io.mayfly.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** Watching what is kept in the store that nodes share. */
final class SharedWatchTest extends WatchSuite {
  private final EmbeddedPostgres database;

  SharedWatchTest() throws IOException {
    database = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
  }

  @Override
  Map<String, Object> store() {
    return Map.of(
        "mayfly.persistence.store",
        "postgresql",
        "mayfly.persistence.postgresql.url",
        database.getJdbcUrl("postgres", "postgres"),
        "mayfly.persistence.postgresql.user",
        "postgres");
  }

  @AfterAll
  void stopDatabase() throws IOException {
    stop();
    database.close();
  }
}
