package io.mayfly.persistence.rocksdb;

import com.typesafe.config.Config;
import java.time.Duration;
import org.rocksdb.CompressionType;

/**
 * The limits of the store, as {@code mayfly.persistence.rocksdb} in {@code reference.conf} explains
 * them.
 */
public record StoreSettings(
    long blockCacheBytes,
    long memtableBytes,
    long walBytes,
    int openFiles,
    CompressionType compression,
    boolean verifyAtStart,
    int readers,
    int readerQueue,
    int groupBytes,
    int groupWrites,
    Duration erasureInterval,
    double erasureShare) {
  /** Where the settings stand in the configuration. */
  public static final String PATH = "mayfly.persistence.rocksdb";

  public StoreSettings {
    require(readers > 0 && readerQueue > 0, "readers and reader-queue: expected at least 1");
    require(groupBytes > 0 && groupWrites > 0, "group-bytes and group-writes: expected at least 1");
    require(erasureShare > 0 && erasureShare <= 1, "erasure.share: expected above 0 and at most 1");
  }

  /** Reads the settings from a configuration's {@link #PATH}. */
  public static StoreSettings from(Config root) {
    Config config = root.getConfig(PATH);
    return new StoreSettings(
        config.getBytes("block-cache-bytes"),
        config.getBytes("memtable-bytes"),
        config.getBytes("wal-bytes"),
        config.getInt("open-files"),
        config.getBoolean("compression")
            ? CompressionType.LZ4_COMPRESSION
            : CompressionType.NO_COMPRESSION,
        config.getBoolean("verify-at-start"),
        config.getInt("readers"),
        config.getInt("reader-queue"),
        Math.toIntExact(config.getBytes("group-bytes")),
        config.getInt("group-writes"),
        config.getDuration("erasure.interval"),
        config.getDouble("erasure.share"));
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(PATH + '.' + message);
    }
  }
}
