package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.VersionVector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some answers in the order in which they came, in arrays of numbers: the collector follows nothing
 * in them, and need not be told when one more is written.
 *
 * <p>Invariant: a place is written once. Used by one thread at a time, as an actor's state is.
 */
final class AnswerPage {
  private static final int INCARNATION = Long.BYTES;
  private static final int REVISION = INCARNATION + Long.BYTES;
  private static final int CREATED = REVISION + Long.BYTES;
  private static final int UPDATED = CREATED + Long.BYTES;
  private static final int EXPIRES = UPDATED + Long.BYTES;
  private static final int DURABILITY = EXPIRES + Long.BYTES;
  private static final int OUTCOME = DURABILITY + 1;
  private static final int KEY_LENGTH = OUTCOME + 1;
  private static final int KEY = KEY_LENGTH + 1;
  private static final List<Durability> DURABILITIES = List.of(Durability.values());
  private static final List<Outcome> OUTCOMES = List.of(Outcome.values());

  private final long first;
  private final int[] ends;
  private final byte[] bytes;

  /** What is no number; absent while no answer has such. */
  private @Nullable Rest @Nullable [] rests;

  private int written;
  private boolean closed;

  private record Rest(@Nullable Value value, @Nullable VersionVector vector) {}

  /**
   * A page with nothing in it.
   *
   * @param first which answer of all that the key ever remembered will be its first
   * @param room how many answers it has room for, if they are as long as this one
   */
  AnswerPage(long first, int room, Answer like) {
    this.first = first;
    ends = new int[room];
    bytes = new byte[room * length(like)];
  }

  /** Which answer of all that the key ever remembered is its first. */
  long first() {
    return first;
  }

  /** Which one follows its last. */
  long next() {
    return first + written;
  }

  /** Whether one more may be written. */
  boolean takes(Answer answer) {
    return !closed && written < ends.length && end(written - 1) + length(answer) <= bytes.length;
  }

  /** Lets nothing more be written. */
  void close() {
    closed = true;
  }

  /** Writes one more, which it takes. */
  void write(Answer answer) {
    Receipt receipt = answer.receipt();
    int from = end(written - 1);
    byte[] key = ascii(answer.key());
    ByteBuffer to =
        ByteBuffer.wrap(bytes, from, bytes.length - from)
            .putLong(answer.atMillis())
            .putLong(receipt.version().incarnation())
            .putLong(receipt.version().revision())
            .putLong(receipt.createdAt().toEpochMilli())
            .putLong(receipt.updatedAt().toEpochMilli())
            .putLong(receipt.expiresAt().toEpochMilli())
            .put((byte) DURABILITIES.indexOf(receipt.durability()))
            .put((byte) OUTCOMES.indexOf(receipt.outcome()))
            .put((byte) key.length)
            .put(key)
            .put(ascii(answer.fingerprint()));
    ends[written] = to.position();
    if (answer.value() != null || receipt.versionVector() != null) {
      rests = rests == null ? new @Nullable Rest[ends.length] : rests;
      rests[written] = new Rest(answer.value(), receipt.versionVector());
    }
    written++;
  }

  /** The bytes of the value that an answer showed. */
  int size(long number) {
    Rest rest = rest(place(number));
    return rest == null || rest.value == null ? 0 : rest.value.size();
  }

  /** One of its answers. */
  Answer read(long number) {
    int place = place(number);
    Rest rest = rest(place);
    int start = end(place - 1);
    Receipt receipt =
        new Receipt(
            new Version(number(place, INCARNATION), number(place, REVISION)),
            instant(place, CREATED),
            instant(place, UPDATED),
            instant(place, EXPIRES),
            DURABILITIES.get(bytes[start + DURABILITY]),
            OUTCOMES.get(bytes[start + OUTCOME]),
            rest == null ? null : rest.vector);
    return new Answer(
        key(number),
        text(keyEnd(place), end(place)),
        number(place, 0),
        receipt,
        rest == null ? null : rest.value);
  }

  private int end(int place) {
    return place < 0 ? 0 : ends[place];
  }

  /** The idempotency key of one of its answers. */
  String key(long number) {
    int place = place(number);
    return text(end(place - 1) + KEY, keyEnd(place));
  }

  private int place(long number) {
    return (int) (number - first);
  }

  private int keyEnd(int place) {
    int start = end(place - 1);
    return start + KEY + (bytes[start + KEY_LENGTH] & 0xff);
  }

  private Instant instant(int place, int field) {
    return Instant.ofEpochMilli(number(place, field));
  }

  private long number(int place, int field) {
    return ByteBuffer.wrap(bytes).getLong(end(place - 1) + field);
  }

  private @Nullable Rest rest(int place) {
    return rests == null ? null : rests[place];
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int length(Answer answer) {
    return KEY + answer.key().length() + answer.fingerprint().length();
  }
}
