package io.mayfly.persistence.postgresql;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL for the tests of this JVM, and an empty database in it for each that asks. */
final class TestDatabase {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestDatabase() {}

  private static final class Server {
    private static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("full_page_writes", "off")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The configuration of a system on a database of its own. */
  static Config empty() {
    String name = "t" + NUMBER.incrementAndGet();
    try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return config(name);
  }

  private static Config config(String name) {
    return ConfigFactory.parseMap(
            Map.of(
                PostgresSettings.PATH + ".url",
                Server.RUNNING.getJdbcUrl("postgres", name),
                PostgresSettings.PATH + ".user",
                "postgres"))
        .withFallback(
            ConfigFactory.parseString(
                """
                pekko.persistence.journal.plugin = mayfly.persistence.postgresql.journal
                pekko.persistence.snapshot-store.plugin = mayfly.persistence.postgresql.snapshot-store
                pekko.actor.allow-java-serialization = on
                pekko.actor.warn-about-java-serializer-usage = off
                pekko.actor.serializers.noted = "io.mayfly.persistence.rocksdb.NotedSerializer"
                pekko.actor.serialization-bindings."io.mayfly.persistence.rocksdb.Noted" = noted
                pekko.loglevel = WARNING
                """))
        .withFallback(ConfigFactory.load());
  }
}
