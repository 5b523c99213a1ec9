package io.mayfly.actors.entry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.mayfly.actors.recent.Remembered;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.VersionVector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request with an idempotency key. Keys remember many of them, and they outlive many
 * collections of the heap: so all that a retry asks for lies in one array of bytes, and is read
 * from it when a retry comes.
 */
@JsonPropertyOrder({"key", "fingerprint", "atMillis", "receipt", "value"})
final class Answer implements Remembered {
  private static final int AT = 0;
  private static final int INCARNATION = AT + Long.BYTES;
  private static final int REVISION = INCARNATION + Long.BYTES;
  private static final int CREATED = REVISION + Long.BYTES;
  private static final int UPDATED = CREATED + Long.BYTES;
  private static final int EXPIRES = UPDATED + Long.BYTES;
  private static final int KEY_LENGTH = EXPIRES + Long.BYTES;
  private static final int KEY = KEY_LENGTH + 1;

  private final byte[] packed;
  private final Durability durability;
  private final Outcome outcome;
  private final @Nullable VersionVector vector;
  private final @Nullable Value value;

  /**
   * The answer that a receipt is.
   *
   * @param key 1 to 128 visible characters
   * @param receipt its instants are whole milliseconds
   * @param value the value that the answer showed; absent where it showed none
   */
  @JsonCreator
  Answer(
      @JsonProperty("key") String key,
      @JsonProperty("fingerprint") String fingerprint,
      @JsonProperty("atMillis") long atMillis,
      @JsonProperty("receipt") Receipt receipt,
      @JsonProperty("value") @Nullable Value value) {
    this(
        pack(key, fingerprint, atMillis, receipt),
        receipt.durability(),
        receipt.outcome(),
        receipt.versionVector(),
        value);
  }

  private Answer(
      byte[] packed,
      Durability durability,
      Outcome outcome,
      @Nullable VersionVector vector,
      @Nullable Value value) {
    this.packed = packed;
    this.durability = durability;
    this.outcome = outcome;
    this.vector = vector;
    this.value = value;
  }

  private static byte[] pack(String key, String fingerprint, long atMillis, Receipt receipt) {
    byte[] keyBytes = key.getBytes(StandardCharsets.US_ASCII);
    byte[] printBytes = fingerprint.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(KEY + keyBytes.length + printBytes.length)
        .putLong(atMillis)
        .putLong(receipt.version().incarnation())
        .putLong(receipt.version().revision())
        .putLong(receipt.createdAt().toEpochMilli())
        .putLong(receipt.updatedAt().toEpochMilli())
        .putLong(receipt.expiresAt().toEpochMilli())
        .put((byte) keyBytes.length)
        .put(keyBytes)
        .put(printBytes)
        .array();
  }

  /** The idempotency key. */
  @JsonProperty("key")
  String key() {
    return ascii(KEY, keyEnd());
  }

  /** What the request was. */
  @JsonProperty("fingerprint")
  String fingerprint() {
    return ascii(keyEnd(), packed.length);
  }

  @Override
  @JsonProperty("atMillis")
  public long atMillis() {
    return number(AT);
  }

  /** The receipt as it was given. */
  @JsonProperty("receipt")
  Receipt receipt() {
    return new Receipt(
        new Version(number(INCARNATION), number(REVISION)),
        Instant.ofEpochMilli(number(CREATED)),
        Instant.ofEpochMilli(number(UPDATED)),
        Instant.ofEpochMilli(number(EXPIRES)),
        durability,
        outcome,
        vector);
  }

  /** The value that the answer showed; absent where it showed none. */
  @JsonProperty("value")
  @Nullable Value value() {
    return value;
  }

  @Override
  public String name() {
    return key();
  }

  /** The bytes of the value that it showed. */
  int size() {
    return value == null ? 0 : value.size();
  }

  /** The same answer, which has forgotten its value. */
  Answer withoutValue() {
    return value == null ? this : new Answer(packed, durability, outcome, vector, null);
  }

  private int keyEnd() {
    return KEY + (packed[KEY_LENGTH] & 0xff);
  }

  private long number(int offset) {
    return ByteBuffer.wrap(packed).getLong(offset);
  }

  private String ascii(int from, int to) {
    return new String(packed, from, to - from, StandardCharsets.US_ASCII);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Answer that
        && Arrays.equals(packed, that.packed)
        && durability == that.durability
        && outcome == that.outcome
        && Objects.equals(vector, that.vector)
        && Objects.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(packed);
  }

  @Override
  public String toString() {
    return "Answer[" + key() + ", " + receipt() + ']';
  }
}
