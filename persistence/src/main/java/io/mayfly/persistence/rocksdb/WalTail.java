package io.mayfly.persistence.rocksdb;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What the end of RocksDB's write-ahead log looks like after a stop.
 *
 * <p>A crash may leave an unfinished write at the end, which was never acknowledged as forced and
 * is dropped. Damage anywhere else is damage to what was written. RocksDB does not tell the two
 * apart well enough, so the framing is read here (RocksDB, {@code log_format.h}): blocks of 32 KiB;
 * records with a header of a masked CRC-32C, a length and a type; four more bytes for the types of
 * recycled files.
 *
 * @param file the newest log
 * @param wholeBytes where the last whole write ends
 * @param tornBytes how many bytes of an unfinished write follow
 * @param damagedAt where damage begins that is no unfinished write, or -1
 */
record WalTail(Path file, long wholeBytes, long tornBytes, long damagedAt) {
  private static final int BLOCK = 32 * 1024;
  private static final int HEADER = 7;
  private static final int RECYCLABLE_HEADER = 11;

  /** Inspects the newest log of a database; empty when there is none. */
  static Optional<WalTail> inspectNewest(Path database) throws IOException {
    if (!Files.isDirectory(database)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(database)) {
      Optional<Path> newest =
          files
              .filter(file -> file.getFileName().toString().matches("\\d+\\.log"))
              .max(Comparator.comparingLong(WalTail::number));
      return newest.isPresent() ? Optional.of(inspect(newest.get())) : Optional.empty();
    }
  }

  static WalTail inspect(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() == 0) {
        return new WalTail(file, 0, 0, -1);
      }
      MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      return new Scan(file, bytes).run();
    }
  }

  /** Cuts the unfinished write off. */
  void truncate() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(wholeBytes);
      channel.force(true);
    }
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  /** One pass over the file. */
  private static final class Scan {
    private final Path file;
    private final MappedByteBuffer bytes;
    private final int size;
    private final CRC32C crc = new CRC32C();
    private int wholeBytes;

    Scan(Path file, MappedByteBuffer bytes) {
      this.file = file;
      this.bytes = bytes;
      this.size = bytes.capacity();
    }

    WalTail run() {
      int at = 0;
      while (at < size) {
        int left = blockEnd(at) - at;
        if (left < HEADER) {
          at += left;
          continue;
        }
        int length = recordAt(at);
        if (length < 0) {
          return broken(at);
        }
        at += length;
        if (endsWrite(type(at - length))) {
          wholeBytes = at;
        }
      }
      return new WalTail(file, wholeBytes, size - wholeBytes, -1);
    }

    /** What to say when no whole record is at this position. */
    private WalTail broken(int at) {
      if (zeroFrom(at)) {
        return new WalTail(file, wholeBytes, at - wholeBytes, -1);
      }
      boolean damaged = wholeButWrong(at) || recordFollows(at);
      return new WalTail(file, wholeBytes, size - wholeBytes, damaged ? at : -1);
    }

    /** The length of the record here with its header, or -1 when there is no whole one. */
    private int recordAt(int at) {
      int left = blockEnd(at) - at;
      if (left < HEADER || at + HEADER > size) {
        return -1;
      }
      int total = headerBytes(type(at)) + payloadBytes(at);
      if (type(at) == 0 || total > left || at + total > size) {
        return -1;
      }
      crc.reset();
      crc.update(bytes.slice(at + 6, total - 6));
      return masked((int) crc.getValue()) == bytes.getInt(at) ? total : -1;
    }

    /** A record of a known type that is there to its last byte, which no crash left unwritten. */
    private boolean wholeButWrong(int at) {
      int left = blockEnd(at) - at;
      if (left < HEADER || type(at) < 1 || type(at) > 8) {
        return false;
      }
      int end = at + headerBytes(type(at)) + payloadBytes(at);
      return end <= Math.min(size, blockEnd(at)) && !zeroBetween(Math.max(at, end - 8), end);
    }

    private boolean recordFollows(int at) {
      for (int next = at + 1; next < blockEnd(at); next++) {
        if (recordAt(next) > 0) {
          return true;
        }
      }
      for (int block = at - at % BLOCK + BLOCK; block > 0 && block < size; block += BLOCK) {
        if (recordAt(block) > 0) {
          return true;
        }
      }
      return false;
    }

    private boolean zeroFrom(int from) {
      return zeroBetween(from, size);
    }

    private boolean zeroBetween(int from, int to) {
      for (int i = from; i < to; i++) {
        if (bytes.get(i) != 0) {
          return false;
        }
      }
      return true;
    }

    private int blockEnd(int at) {
      return (int) Math.min(size, (long) at - at % BLOCK + BLOCK);
    }

    private int type(int at) {
      return bytes.get(at + 6) & 0xff;
    }

    private int payloadBytes(int at) {
      return bytes.getShort(at + 4) & 0xffff;
    }

    private static int headerBytes(int type) {
      boolean recyclable = (type >= 5 && type <= 8) || type == 11 || type == 131;
      return recyclable ? RECYCLABLE_HEADER : HEADER;
    }

    private static boolean endsWrite(int type) {
      return type != 2 && type != 3 && type != 6 && type != 7;
    }

    private static int masked(int value) {
      return ((value >>> 15) | (value << 17)) + 0xa282ead8;
    }
  }
}
