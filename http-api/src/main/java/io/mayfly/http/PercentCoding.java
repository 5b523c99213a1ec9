package io.mayfly.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986, 2.1) over strict UTF-8. */
final class PercentCoding {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();
  private static final String UNRESERVED_MARKS = "-._~";

  private PercentCoding() {}

  /**
   * Decodes a part of a request target.
   *
   * @throws IllegalArgumentException when an escape is broken or the bytes are no UTF-8
   */
  static String decode(String text, int from, int to, boolean plusIsSpace) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%' || (plusIsSpace && c == '+')) {
        return decodeBytes(text, from, to, plusIsSpace);
      }
      requireVisible(c);
    }
    return text.substring(from, to);
  }

  private static String decodeBytes(String text, int from, int to, boolean plusIsSpace) {
    ByteBuffer bytes = ByteBuffer.allocate(to - from);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        if (i + 2 >= to) {
          throw new IllegalArgumentException("a percent escape is cut off");
        }
        bytes.put((byte) (hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2))));
        i += 2;
      } else if (plusIsSpace && c == '+') {
        bytes.put((byte) ' ');
      } else {
        requireVisible(c);
        bytes.put((byte) c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(bytes.flip())
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the percent escapes are not UTF-8", e);
    }
  }

  private static void requireVisible(char c) {
    if (c <= ' ' || c >= 0x7F) {
      throw new IllegalArgumentException("a character must be percent-encoded");
    }
  }

  private static int hex(char c) {
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("a percent escape is not hexadecimal");
    }
    return digit;
  }

  /** Encodes one path segment: all but the unreserved characters. */
  static String encodeSegment(String segment) {
    byte[] bytes = segment.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      if (unreserved(b)) {
        text.append((char) b);
      } else {
        text.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
      }
    }
    return text.toString();
  }

  private static boolean unreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || UNRESERVED_MARKS.indexOf(b) >= 0;
  }
}
