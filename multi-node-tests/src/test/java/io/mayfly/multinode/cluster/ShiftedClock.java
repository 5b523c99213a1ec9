package io.mayfly.multinode.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A wall clock that differs from another one by the milliseconds that stand in a file. */
public final class ShiftedClock implements LongSupplier {
  private static @Nullable Path shift;

  private final LongSupplier wallMillis;

  /** A clock that differs from this one. */
  public ShiftedClock(LongSupplier wallMillis) {
    this.wallMillis = wallMillis;
  }

  /** Says where all clocks of this process find by how much they differ: not at all without it. */
  static void shiftedBy(Path file) {
    shift = file;
  }

  @Override
  public long getAsLong() {
    long shift = shiftMillis();
    return wallMillis.getAsLong() + shift;
  }

  private static long shiftMillis() {
    Path file = shift;
    if (file == null || !Files.exists(file)) {
      return 0;
    }
    try {
      return Long.parseLong(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
