package io.mayfly.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Reads just enough of an HTTP/1.1 response to know its status and where it ends. Understands
 * {@code Content-Length} and nothing else: a chunked response is refused, for its end would be
 * missed.
 */
final class Response {
  /** What {@link #read} returns while the response is not complete. */
  static final int INCOMPLETE = -1;

  private static final byte[] LENGTH = "content-length:".getBytes(US_ASCII);
  private static final byte[] ENCODING = "transfer-encoding:".getBytes(US_ASCII);
  private static final int STATUS_OFFSET = 9;

  private Response() {}

  /**
   * The status code of the response that begins at 0 and ends at {@code count}, or {@link
   * #INCOMPLETE}.
   */
  static int read(byte[] bytes, int count) {
    int contentLength = 0;
    for (int i = STATUS_OFFSET + 3; i + 1 < count; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      byte first = bytes[i + 1];
      if (first == '\r') {
        return i + 3 + contentLength <= count ? status(bytes) : INCOMPLETE;
      }
      if ((first | 0x20) == 'c' && startsWith(bytes, i + 1, count, LENGTH)) {
        contentLength = number(bytes, i + 1 + LENGTH.length, count);
      } else if ((first | 0x20) == 't' && startsWith(bytes, i + 1, count, ENCODING)) {
        throw new IllegalStateException("response: transfer encoding (expected: content length)");
      }
    }
    return INCOMPLETE;
  }

  private static int status(byte[] bytes) {
    return (bytes[STATUS_OFFSET] - '0') * 100
        + (bytes[STATUS_OFFSET + 1] - '0') * 10
        + (bytes[STATUS_OFFSET + 2] - '0');
  }

  private static boolean startsWith(byte[] bytes, int offset, int count, byte[] lowerCase) {
    if (offset + lowerCase.length > count) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      byte b = bytes[offset + i];
      if (b != lowerCase[i] && (b | 0x20) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  private static int number(byte[] bytes, int offset, int count) {
    int number = 0;
    for (int i = offset; i < count && bytes[i] != '\r'; i++) {
      if (bytes[i] != ' ') {
        number = number * 10 + (bytes[i] - '0');
      }
    }
    return number;
  }
}
