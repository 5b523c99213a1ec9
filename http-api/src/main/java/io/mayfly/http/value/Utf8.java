package io.mayfly.http.value;

/**
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF. Parsers in
 * between are lenient here, and would turn different bytes into the same key or value.
 */
final class Utf8 {
  private Utf8() {}

  /** The index of the first byte that is not UTF-8, or -1 when all are. */
  static int firstInvalid(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (bytes[i] >= 0) {
        i++;
        continue;
      }
      int length = sequence(bytes, i, to);
      if (length == 0) {
        return i;
      }
      i += length;
    }
    return -1;
  }

  /** The length of the sequence that starts here, or 0 when it is none. */
  private static int sequence(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xFF;
    int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || at + length > to) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    int second = bytes[at + 1] & 0xFF;
    boolean outside =
        (lead == 0xE0 && second < 0xA0)
            || (lead == 0xED && second > 0x9F)
            || (lead == 0xF0 && second < 0x90)
            || (lead == 0xF4 && second > 0x8F);
    return outside ? 0 : length;
  }

  /** Whether the characters hold half of a surrogate pair, which no UTF-8 can say. */
  static boolean loneSurrogate(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /** Whether the characters hold half of a surrogate pair. */
  static boolean loneSurrogate(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.isSurrogate(text[i])) {
        if (Character.isLowSurrogate(text[i])
            || i + 1 == to
            || !Character.isLowSurrogate(text[i + 1])) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
