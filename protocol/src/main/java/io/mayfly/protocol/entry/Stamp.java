package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a mutation stands among those of its own and of other producers. Its producer is that of
 * the {@link Origin}.
 *
 * @param sequence the producer's running number, from 1; 0 for none
 * @param vector what the producer had seen, this mutation included; absent when not named
 * @param writtenAt when the producer wrote it; absent when not named
 * @param keepsValue whether the answer shows the value, so that a repetition must too
 */
public record Stamp(
    long sequence, @Nullable VersionVector vector, @Nullable Instant writtenAt, boolean keepsValue)
    implements WireMessage {
  /** No place at all. */
  public static final Stamp NONE = new Stamp(0, null, null, false);

  /** The number in a producer's sequence. */
  public static Stamp sequence(long number) {
    return new Stamp(number, null, null, false);
  }

  /** The vector of an update that was written at an instant. */
  public static Stamp vector(VersionVector vector, @Nullable Instant writtenAt) {
    return new Stamp(0, vector, writtenAt, false);
  }
}
