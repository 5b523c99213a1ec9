package io.mayfly.http;

import io.mayfly.http.value.ValueCodec;

/**
 * The items of a CBOR sequence (RFC 8742), by the lengths that their heads announce (RFC 8949, 3).
 * Whether an item can be said in JSON is for its reader to say.
 */
final class SequenceFrames extends Frames {
  /** Containers, and as many tags; what nests deeper cannot be passed over in bounded memory. */
  private static final int DEPTH_MAX = 4 * ValueCodec.NESTING_MAX;

  private static final long UNTIL_BREAK = -1;
  private static final int BREAK = 0xFF;

  /** Of each open item, the items that it still needs; of an indefinite one, none is known. */
  private final long[] open = new long[DEPTH_MAX];

  private int depth;
  private int major;
  private int headBytes;
  private long argument;
  private long textBytes;

  SequenceFrames(int bytesMax) {
    super(bytesMax);
  }

  @Override
  protected Step step(int b) {
    if (textBytes > 0) {
      textBytes--;
      return textBytes > 0 ? Step.INSIDE : closed();
    }
    if (headBytes > 0) {
      argument = argument << Byte.SIZE | b;
      headBytes--;
      return headBytes > 0 ? Step.INSIDE : headed();
    }
    return head(b);
  }

  private Step head(int b) {
    if (b == BREAK) {
      if (depth == 0 || open[depth - 1] != UNTIL_BREAK) {
        return Step.BROKEN;
      }
      depth--;
      return closed();
    }
    major = b >> 5;
    int info = b & 0x1F;
    argument = info;
    if (info < 24) {
      return headed();
    }
    if (info < 28) {
      argument = 0;
      headBytes = 1 << (info - 24);
      return Step.INSIDE;
    }
    boolean indefinite = info == 31 && major >= 2 && major <= 5;
    return indefinite ? opened(UNTIL_BREAK) : Step.BROKEN;
  }

  private Step headed() {
    return switch (major) {
      case 2, 3 -> text();
      case 4 -> opened(argument);
      case 5 -> argument > Long.MAX_VALUE / 2 ? Step.BROKEN : opened(2 * argument);
      case 6 -> opened(1);
      default -> closed();
    };
  }

  private Step text() {
    if (argument < 0) {
      return Step.BROKEN;
    }
    textBytes = argument;
    return textBytes > 0 ? Step.INSIDE : closed();
  }

  private Step opened(long items) {
    if (items == 0) {
      return closed();
    }
    if (depth == DEPTH_MAX || items < UNTIL_BREAK) {
      return Step.BROKEN;
    }
    open[depth++] = items;
    return Step.INSIDE;
  }

  /** An item is whole, and with it each one around it that lacked nothing else. */
  private Step closed() {
    while (depth > 0) {
      if (open[depth - 1] == UNTIL_BREAK || --open[depth - 1] > 0) {
        return Step.INSIDE;
      }
      depth--;
    }
    return Step.LAST;
  }

  @Override
  protected boolean mayEnd() {
    return depth == 0 && headBytes == 0 && textBytes == 0;
  }

  @Override
  protected boolean endsWithStream() {
    return false;
  }
}
