package io.mayfly.persistence.postgresql;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Where the database is and the limits of its use, as {@code mayfly.persistence.postgresql} in
 * {@code reference.conf} explains them.
 */
public record PostgresSettings(
    String url,
    String user,
    String password,
    int connections,
    Duration connectPatience,
    Duration answerPatience,
    Duration idlePatience,
    Duration lookInterval,
    int writers,
    int groupWrites,
    int writerQueue,
    int readers,
    int readerQueue) {
  /** Where the settings stand in the configuration. */
  public static final String PATH = "mayfly.persistence.postgresql";

  public PostgresSettings {
    require(writers > 0 && readers > 0, "writers and readers: expected at least 1");
    require(groupWrites > 0, "group-writes: expected at least 1");
    require(
        writerQueue > 0 && readerQueue > 0, "writer-queue and reader-queue: expected at least 1");
    require(
        connections > writers + 3 * readers,
        "connections: " + connections + " (expected: more than writers and three times readers)");
  }

  /** Reads the settings from a configuration's {@link #PATH}. */
  public static PostgresSettings from(Config root) {
    Config config = root.getConfig(PATH);
    return new PostgresSettings(
        config.getString("url"),
        config.getString("user"),
        config.getString("password"),
        config.getInt("connections"),
        config.getDuration("connect-patience"),
        config.getDuration("answer-patience"),
        config.getDuration("idle-patience"),
        config.getDuration("look-interval"),
        config.getInt("writers"),
        config.getInt("group-writes"),
        config.getInt("writer-queue"),
        config.getInt("readers"),
        config.getInt("reader-queue"));
  }

  /** Tells everything but the password. */
  @Override
  public String toString() {
    return url + " as " + user;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(PATH + '.' + message);
    }
  }
}
