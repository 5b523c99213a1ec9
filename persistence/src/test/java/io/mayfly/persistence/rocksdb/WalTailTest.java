package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WalTailTest {
  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int LAST = 4;
  private static final int RECYCLABLE_FULL = 5;

  @TempDir private Path directory;

  @Test
  void inspect_ofWholeRecords_findsNothingTorn() throws IOException {
    WalTail tail = inspect(record(FULL, 100), record(FIRST, 10), record(LAST, 10));

    assertThat(tail.tornBytes()).isZero();
    assertThat(tail.damagedAt()).isEqualTo(-1);
  }

  @Test
  void inspect_ofACutRecord_countsTheBytesAfterTheLastWholeWrite() throws IOException {
    byte[] cut = Arrays.copyOf(record(FULL, 100), 60);

    WalTail tail = inspect(record(FULL, 50), record(FIRST, 20), cut);

    assertThat(tail.wholeBytes()).isEqualTo(57);
    assertThat(tail.tornBytes()).isEqualTo(27 + 60);
    assertThat(tail.damagedAt()).isEqualTo(-1);
  }

  @Test
  void inspect_ofARecordWhoseEndWasNeverWritten_isTorn() throws IOException {
    byte[] unwritten = record(FULL, 1_000);
    Arrays.fill(unwritten, 500, unwritten.length, (byte) 0);

    WalTail tail = inspect(record(FULL, 50), unwritten);

    assertThat(tail.tornBytes()).isEqualTo(1_007);
    assertThat(tail.damagedAt()).isEqualTo(-1);
  }

  @Test
  void inspect_ofAWholeLastRecordWithAWrongByte_isDamaged() throws IOException {
    byte[] wrong = record(FULL, 100);
    wrong[50]++;

    assertThat(inspect(record(FULL, 50), wrong).damagedAt()).isEqualTo(57);
  }

  @Test
  void inspect_ofAWrongLengthBeforeAWholeRecord_isDamaged() throws IOException {
    byte[] wrong = record(FULL, 100);
    wrong[5] = 0x7f;

    assertThat(inspect(wrong, record(FULL, 50)).damagedAt()).isZero();
  }

  @Test
  void inspect_ofRecyclableRecords_readsTheirLongerHeader() throws IOException {
    WalTail tail = inspect(record(RECYCLABLE_FULL, 100), record(FULL, 10));

    assertThat(tail.tornBytes()).isZero();
    assertThat(tail.damagedAt()).isEqualTo(-1);
  }

  @Test
  void truncate_ofATornLog_leavesTheWholeWrites() throws IOException {
    WalTail tail = inspect(record(FULL, 50), new byte[] {1, 2, 3});

    tail.truncate();

    assertThat(Files.size(tail.file())).isEqualTo(57);
  }

  private WalTail inspect(byte[]... records) throws IOException {
    Path file = directory.resolve("000007.log");
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(records).mapToInt(r -> r.length).sum());
    for (byte[] record : records) {
      all.put(record);
    }
    Files.write(file, all.array());
    return WalTail.inspect(file);
  }

  private static byte[] record(int type, int payloadBytes) {
    int header = type >= RECYCLABLE_FULL ? 11 : 7;
    ByteBuffer bytes = ByteBuffer.allocate(header + payloadBytes).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.fill(bytes.array(), header, bytes.capacity(), (byte) 42);
    bytes.putShort(4, (short) payloadBytes).put(6, (byte) type);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 6, bytes.capacity() - 6);
    int value = (int) crc.getValue();
    bytes.putInt(0, ((value >>> 15) | (value << 17)) + 0xa282ead8);
    return bytes.array();
  }
}
