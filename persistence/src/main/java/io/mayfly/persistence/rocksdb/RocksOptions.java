package io.mayfly.persistence.rocksdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;

/** How RocksDB is set up: small, bounded, and leaving no old keys behind. */
final class RocksOptions {
  private static final double BLOOM_BITS_PER_KEY = 10;
  private static final double MEMTABLE_BLOOM_RATIO = 0.1;
  private static final long INFO_LOG_BYTES = 1024 * 1024;

  /**
   * The cache has so many independent parts, as a power of two; each thread locks one at a time.
   */
  private static final int CACHE_SHARD_BITS = 3;

  private RocksOptions() {}

  /** Options of the database. A file system that lies about its space is not our concern. */
  static DBOptions database(StoreSettings settings, NativeResources resources) {
    // The MANIFEST names the first and the last key of every file. It is begun anew at each
    // change, so that the names of erased keys do not linger in it.
    Properties properties = new Properties();
    properties.setProperty("max_manifest_space_amp_pct", "0");
    DBOptions parsed = DBOptions.getDBOptionsFromProps(properties);
    return resources
        .add(parsed == null ? new DBOptions() : parsed)
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setMaxManifestFileSize(1)
        .setMaxTotalWalSize(settings.walBytes())
        .setDbWriteBufferSize(settings.memtableBytes())
        .setMaxOpenFiles(settings.openFiles())
        .setMaxBackgroundJobs(2)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES)
        .setKeepLogFileNum(2)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setAvoidUnnecessaryBlockingIO(true);
  }

  /** The columns in the order of {@link Column#ALL}. */
  static List<ColumnFamilyDescriptor> columns(StoreSettings settings, NativeResources resources) {
    Cache cache = resources.add(new LRUCache(settings.blockCacheBytes(), CACHE_SHARD_BITS));
    BloomFilter bloom = resources.add(new BloomFilter(BLOOM_BITS_PER_KEY));
    List<ColumnFamilyDescriptor> columns = new ArrayList<>();
    for (Column column : Column.ALL) {
      ColumnFamilyOptions options =
          resources
              .add(new ColumnFamilyOptions())
              .setWriteBufferSize(settings.memtableBytes() / 4)
              .setCompressionType(settings.compression())
              .setTableFormatConfig(
                  new BlockBasedTableConfig()
                      .setBlockCache(cache)
                      .setFilterPolicy(bloom)
                      .setWholeKeyFiltering(true)
                      .setIndexType(IndexType.kTwoLevelIndexSearch)
                      .setPartitionFilters(true)
                      .setPinTopLevelIndexAndFilter(true)
                      .setCacheIndexAndFilterBlocks(true)
                      .setPinL0FilterAndIndexBlocksInCache(true));
      if (column.answersAbsence()) {
        options
            .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
            .setMemtableWholeKeyFiltering(true);
      }
      columns.add(new ColumnFamilyDescriptor(column.nameBytes(), options));
    }
    return columns;
  }
}
