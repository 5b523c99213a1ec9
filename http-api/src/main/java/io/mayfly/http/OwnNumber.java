package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Mayfly's own numbers, such as revisions and tokens: whole, from 1, and below 2^53. */
final class OwnNumber {
  /** The greatest; every language's doubles still count it. */
  static final long MAX = (1L << 53) - 1;

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
}
