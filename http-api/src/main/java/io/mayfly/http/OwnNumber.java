package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Mayfly's own numbers, such as revisions and tokens: whole, from 1, and below 2^53. */
final class OwnNumber {
  /** The greatest; every language's doubles still count it. */
  static final long MAX = (1L << 53) - 1;

  private static final int DIGITS_MAX = 16;

  private OwnNumber() {}

  /** The number at the parser's current token; 0 when it is none of Mayfly's own. */
  static long read(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return 0;
    }
    long number = parser.getLongValue();
    return number >= 1 && number <= MAX ? number : 0;
  }

  /**
   * The number that is written in digits, without zeros before it; 0 when it is none of Mayfly's.
   */
  static long parse(String text) {
    if (text.isEmpty() || text.length() > DIGITS_MAX || text.charAt(0) == '0') {
      return 0;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      number = 10 * number + (c - '0');
    }
    return number <= MAX ? number : 0;
  }
}
