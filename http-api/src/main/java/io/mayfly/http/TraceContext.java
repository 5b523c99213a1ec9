package io.mayfly.http;

/** The header {@code traceparent} (W3C Trace Context, 3.2). */
final class TraceContext {
  private static final int LENGTH = 55;
  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;

  private TraceContext() {}

  /** Whether the header is one that can be continued; any other is to be ignored. */
  static boolean valid(String text) {
    return text.length() >= LENGTH
        && hex(text, 0, 2)
        && !text.startsWith("ff")
        && (text.length() == LENGTH || (text.charAt(LENGTH) == '-' && !text.startsWith("00")))
        && text.length() <= 256
        && text.charAt(2) == '-'
        && hex(text, TRACE_ID, 32)
        && !zero(text, TRACE_ID, 32)
        && text.charAt(PARENT_ID - 1) == '-'
        && hex(text, PARENT_ID, 16)
        && !zero(text, PARENT_ID, 16)
        && text.charAt(FLAGS - 1) == '-'
        && hex(text, FLAGS, 2);
  }

  /** The trace id of a valid header. */
  static String traceId(String traceparent) {
    return traceparent.substring(TRACE_ID, TRACE_ID + 32);
  }

  private static boolean hex(String text, int from, int count) {
    for (int i = from; i < from + count; i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean zero(String text, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (text.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }
}
