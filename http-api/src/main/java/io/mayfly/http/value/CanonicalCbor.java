package io.mayfly.http.value;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mayfly.protocol.entry.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Values in the one encoding that RFC 8949, 4.2.1 calls deterministic: shortest numbers, definite
 * lengths, members of maps in the order of their encoded names. Equal values have equal bytes in
 * every language.
 */
public final class CanonicalCbor {
  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;

  private CanonicalCbor() {}

  /** The digest of a value: {@code sha-256:} and the hash of its canonical bytes in hexadecimal. */
  public static String digest(Value value) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes(value));
      return "sha-256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The canonical bytes of a value. */
  public static byte[] bytes(Value value) {
    try (JsonParser parser = ValueCodec.parser(value)) {
      parser.nextToken();
      return item(parser);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored value is not readable", e);
    }
  }

  /** Encodes the item at the current token, and moves to its last one. */
  private static byte[] item(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> map(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> text(parser.getText());
      case VALUE_EMBEDDED_OBJECT -> of(BYTES, parser.getBinaryValue());
      case VALUE_NUMBER_INT -> integer(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> real(parser.getDoubleValue());
      case VALUE_TRUE -> new byte[] {(byte) 0xf5};
      case VALUE_FALSE -> new byte[] {(byte) 0xf4};
      case VALUE_NULL -> new byte[] {(byte) 0xf6};
      default -> throw new IOException("unexpected token " + parser.currentToken());
    };
  }

  private static byte[] map(JsonParser parser) throws IOException {
    SortedMap<byte[], byte[]> members = new TreeMap<>(Arrays::compareUnsigned);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      byte[] name = text(parser.currentName());
      parser.nextToken();
      members.put(name, item(parser));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head(MAP, members.size()));
    members.forEach(
        (name, member) -> {
          out.writeBytes(name);
          out.writeBytes(member);
        });
    return out.toByteArray();
  }

  private static byte[] array(JsonParser parser) throws IOException {
    ByteArrayOutputStream items = new ByteArrayOutputStream();
    long count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.writeBytes(item(parser));
      count++;
    }
    return join(head(ARRAY, count), items.toByteArray());
  }

  private static byte[] text(String text) {
    return of(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] of(int major, byte[] content) {
    return join(head(major, content.length), content);
  }

  private static byte[] integer(BigInteger integer) {
    return integer.signum() < 0
        ? head(NEGATIVE, integer.not().longValue())
        : head(UNSIGNED, integer.longValue());
  }

  /** The head of an item, with an unsigned argument in its shortest form. */
  private static byte[] head(int major, long argument) {
    int type = major << 5;
    if (argument >= 0 && argument < 24) {
      return new byte[] {(byte) (type | argument)};
    }
    if (argument >= 0 && argument < 1L << 8) {
      return new byte[] {(byte) (type | 24), (byte) argument};
    }
    if (argument >= 0 && argument < 1L << 16) {
      return ByteBuffer.allocate(3).put((byte) (type | 25)).putShort((short) argument).array();
    }
    if (argument >= 0 && argument < 1L << 32) {
      return ByteBuffer.allocate(5).put((byte) (type | 26)).putInt((int) argument).array();
    }
    return ByteBuffer.allocate(9).put((byte) (type | 27)).putLong(argument).array();
  }

  /** The shortest of half, single and double precision that keeps the number. */
  private static byte[] real(double number) {
    float single = (float) number;
    if (Double.compare(single, number) != 0) {
      return ByteBuffer.allocate(9).put((byte) 0xfb).putDouble(number).array();
    }
    int half = half(single);
    return half < 0
        ? ByteBuffer.allocate(5).put((byte) 0xfa).putFloat(single).array()
        : ByteBuffer.allocate(3).put((byte) 0xf9).putShort((short) half).array();
  }

  /** The bits of a finite number in half precision (IEEE 754 binary16), or -1 when it has none. */
  private static int half(float single) {
    int bits = Float.floatToRawIntBits(single);
    int sign = (bits >>> 16) & 0x8000;
    int exponent = ((bits >>> 23) & 0xff) - 127;
    int mantissa = bits & 0x7f_ffff;
    if (exponent == -127 && mantissa == 0) {
      return sign;
    }
    if (exponent >= -14 && exponent <= 15 && (mantissa & 0x1fff) == 0) {
      return sign | ((exponent + 15) << 10) | (mantissa >>> 13);
    }
    int shift = -1 - exponent;
    if (exponent >= -24 && exponent < -14) {
      int whole = mantissa | 0x80_0000;
      return (whole & ((1 << shift) - 1)) == 0 ? sign | (whole >>> shift) : -1;
    }
    return -1;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
