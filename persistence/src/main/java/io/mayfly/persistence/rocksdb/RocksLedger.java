package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The ledger on the embedded store. Reads run on the store's readers. */
final class RocksLedger implements Ledger {
  private final Database database;
  private final Readers readers;
  private final AtomicLong highestPurged;

  RocksLedger(Database database, Readers readers) {
    this.database = database;
    this.readers = readers;
    this.highestPurged =
        new AtomicLong(Math.max(0, database.number(Column.META, Keys.HIGHEST_PURGED)));
  }

  @Override
  public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
    return readers.supply(
        () -> {
          List<Wake> wakes = new ArrayList<>();
          byte[] start =
              Keys.wake(new ByteWriter(64), slice, after.at(), after.persistenceId())
                  .u8(0)
                  .toBytes();
          byte[] end = Keys.wake(new ByteWriter(16), slice, until, "").u8(0xff).toBytes();
          database.scan(
              Column.WAKE,
              start,
              end,
              (key, value) -> {
                ByteReader reader = new ByteReader(key).skip(1);
                Instant at = reader.instant();
                wakes.add(new Wake(reader.restText(), at));
                return wakes.size() < limit;
              });
          return wakes;
        });
  }

  @Override
  public CompletionStage<List<LedgerRow>> list(ListQuery query) {
    Instant expiringUntil = query.expiringUntil();
    return readers.supply(
        () -> expiringUntil == null ? byKey(query) : byDeadline(query, expiringUntil));
  }

  @Override
  public CompletionStage<Map<String, Long>> counts() {
    return readers.supply(
        () -> {
          Map<String, Long> counts = new HashMap<>();
          database.scan(
              Column.LISTING,
              new byte[0],
              new byte[] {(byte) 0xff},
              (key, value) -> {
                counts.merge(new ByteReader(key).part(), 1L, Long::sum);
                return true;
              });
          return counts;
        });
  }

  @Override
  public long highestPurgedIncarnation() {
    return highestPurged.get();
  }

  /** Takes note of a purge that was committed. */
  void purged(long incarnation) {
    highestPurged.accumulateAndGet(incarnation, Math::max);
  }

  /**
   * Where a page by key begins in LISTING.
   *
   * @param first where the query's first page begins
   */
  static byte[] startByKey(ListQuery query, byte[] first) {
    ListQuery.Position after = query.after();
    if (after == null) {
      return first;
    }
    byte[] resumed =
        Keys.listing(new ByteWriter(64), query.namespace(), after.key()).u8(0).toBytes();
    return Arrays.compareUnsigned(resumed, first) > 0 ? resumed : first;
  }

  private List<LedgerRow> byKey(ListQuery query) {
    byte[] first = Keys.listing(new ByteWriter(64), query.namespace(), query.prefix()).toBytes();
    List<LedgerRow> rows = new ArrayList<>();
    database.scan(
        Column.LISTING,
        startByKey(query, first),
        LedgerRows.endOfPrefix(first),
        (key, value) -> {
          LedgerRow row = LedgerRows.listed(query.namespace(), key, value);
          if (query.shows(row)) {
            rows.add(row);
          }
          return rows.size() < query.limit();
        });
    return rows;
  }

  private List<LedgerRow> byDeadline(ListQuery query, Instant until) {
    List<LedgerRow> rows = new ArrayList<>();
    database.scan(
        Column.EXPIRY,
        deadlineStart(query.namespace(), query.now(), query.after()),
        Keys.expiry(new ByteWriter(64), query.namespace(), until, "").u8(0xff).toBytes(),
        (key, value) -> {
          LedgerRow row = LedgerRows.expiring(query.namespace(), key, value);
          if (query.shows(row) && row.id().key().startsWith(query.prefix())) {
            rows.add(row);
          }
          return rows.size() < query.limit();
        });
    return rows;
  }

  /** Rows whose deadline has passed are not visible, so the list begins no earlier than now. */
  private static byte[] deadlineStart(
      String namespace, Instant now, ListQuery.@Nullable Position after) {
    if (after == null || after.expiresAt().isBefore(now)) {
      return Keys.expiry(new ByteWriter(64), namespace, now, "").toBytes();
    }
    return Keys.expiry(new ByteWriter(64), namespace, after.expiresAt(), after.key())
        .u8(0)
        .toBytes();
  }
}
