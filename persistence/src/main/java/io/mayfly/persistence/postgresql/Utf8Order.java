package io.mayfly.persistence.postgresql;

import org.jspecify.annotations.Nullable;

/** The order of texts by the bytes of their UTF-8, which is that of their code points. */
final class Utf8Order {
  private Utf8Order() {}

  /** The first text behind all that start with the prefix; absent when there is none. */
  static @Nullable String endOfPrefix(String prefix) {
    int end = prefix.length();
    while (end > 0) {
      int last = prefix.codePointBefore(end);
      int start = end - Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return prefix.substring(0, start) + Character.toString(next);
      }
      end = start;
    }
    return null;
  }
}
