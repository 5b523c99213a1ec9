package io.mayfly.actors.entry;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the journal has marks: by names when they carry a stamp or a value, as they all were once,
 * and in one string of bytes otherwise, since every guarded event has one.
 */
final class MarkSpelling {
  /** The place of each is stored: new ones are added at the end. */
  private static final List<Durability> DURABILITIES =
      List.of(Durability.VOLATILE, Durability.JOURNALED, Durability.SYNCED);

  private static final int HEAD = 2 * Long.BYTES + 2 * Short.BYTES + 3;

  private MarkSpelling() {}

  /** A mark by names. */
  private record Named(
      long fence,
      @Nullable RetryKey retryKey,
      long windowMillis,
      int keys,
      int waitedMillis,
      Durability durability,
      @Nullable Stamp stamp,
      @Nullable Value own) {
    static Named of(Mark mark) {
      return new Named(
          mark.fence(),
          mark.retryKey(),
          mark.windowMillis(),
          mark.keys(),
          mark.waitedMillis(),
          mark.durability(),
          mark.stamp(),
          mark.own());
    }

    Mark mark() {
      return new Mark(fence, retryKey, windowMillis, keys, waitedMillis, durability, stamp, own);
    }
  }

  /** Writes marks. */
  static final class Writer extends JsonSerializer<Mark> {
    @Override
    public void serialize(Mark mark, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      if (mark.stamp() == null && mark.own() == null) {
        to.writeBinary(packed(mark));
      } else {
        provider.defaultSerializeValue(Named.of(mark), to);
      }
    }
  }

  /** Reads marks, however they are spelt. */
  static final class Reader extends JsonDeserializer<Mark> {
    @Override
    public Mark deserialize(JsonParser from, DeserializationContext context) throws IOException {
      return from.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT
          ? unpacked(ByteBuffer.wrap(from.getBinaryValue()))
          : context.readValue(from, Named.class).mark();
    }
  }

  private static byte[] packed(Mark mark) {
    RetryKey retryKey = mark.retryKey();
    byte[] key = ascii(retryKey == null ? "" : retryKey.key());
    byte[] fingerprint = ascii(retryKey == null ? "" : retryKey.fingerprint());
    return ByteBuffer.allocate(HEAD + key.length + fingerprint.length)
        .putLong(mark.fence())
        .putLong(mark.windowMillis())
        .putShort((short) mark.waitedMillis())
        .putShort((short) mark.keys())
        .put((byte) DURABILITIES.indexOf(mark.durability()))
        .put((byte) (retryKey != null && retryKey.keepsValue() ? 1 : 0))
        .put((byte) key.length)
        .put(key)
        .put(fingerprint)
        .array();
  }

  private static Mark unpacked(ByteBuffer from) {
    long fence = from.getLong();
    long windowMillis = from.getLong();
    int waitedMillis = from.getShort() & 0xffff;
    int keys = from.getShort();
    Durability durability = DURABILITIES.get(from.get());
    boolean keepsValue = from.get() == 1;
    String key = text(from, from.get() & 0xff);
    RetryKey retryKey =
        key.isEmpty() ? null : new RetryKey(key, text(from, from.remaining()), keepsValue);
    return new Mark(fence, retryKey, windowMillis, keys, waitedMillis, durability, null, null);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
