package io.mayfly.http.value;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that bytes are one well-formed CBOR item (RFC 8949) that JSON can say too: text keys, no
 * undefined, no unknown simple values, no tags but self-described CBOR and bignums within 64 bits,
 * finite numbers. The parser behind it is lenient in each of these points.
 */
final class CborCheck {
  private static final int INDEFINITE = 31;
  private static final int TAG_BIGNUM_POSITIVE = 2;
  private static final int TAG_BIGNUM_NEGATIVE = 3;
  private static final int TAG_SELF_DESCRIBED = 55799;
  private static final int BREAK = 0xFF;

  /** The first byte of an integer whose argument is the eight bytes that follow. */
  private static final int WIDE_UNSIGNED = 0x1B;

  private static final int WIDE_NEGATIVE = 0x3B;

  private final byte[] bytes;
  private final List<Bignum> bignums = new ArrayList<>(0);
  private int at;

  /** A bignum from its tag to its end, and the argument of the plain integer that it is. */
  private record Bignum(int from, int to, boolean negative, long argument) {}

  private CborCheck(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Throws unless the bytes are exactly one item that is accepted. Returns the item with its
   * bignums as plain integers, since the parser behind reads some of them wrongly.
   */
  static byte[] check(byte[] bytes) {
    CborCheck check = new CborCheck(bytes);
    check.item(0);
    if (check.at < bytes.length) {
      throw check.malformed("bytes follow the item");
    }
    return check.bignums.isEmpty() ? bytes : check.plain();
  }

  private byte[] plain() {
    Bytes out = new Bytes(bytes.length + bignums.size() * Long.BYTES);
    int from = 0;
    for (Bignum bignum : bignums) {
      out.write(bytes, from, bignum.from() - from);
      out.write(bignum.negative() ? WIDE_NEGATIVE : WIDE_UNSIGNED);
      for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
        out.write((int) (bignum.argument() >>> shift));
      }
      from = bignum.to();
    }
    out.write(bytes, from, bytes.length - from);
    return out.toArray();
  }

  private void item(int depth) {
    int head = head();
    int info = head & 0x1F;
    switch (head >> 5) {
      case 0 -> argument(info);
      case 1 -> negative(info);
      case 2 -> string(2, info);
      case 3 -> string(3, info);
      case 4 -> array(info, nested(depth));
      case 5 -> map(info, nested(depth));
      case 6 -> tag(info, depth);
      default -> simple(info);
    }
  }

  private int nested(int depth) {
    if (depth >= ValueCodec.NESTING_MAX) {
      throw malformed("nested deeper than " + ValueCodec.NESTING_MAX);
    }
    return depth + 1;
  }

  private void negative(int info) {
    if (argument(info) < 0) {
      throw unrepresentable("an integer below -2^63");
    }
  }

  private void array(int info, int depth) {
    if (info == INDEFINITE) {
      while (!atBreak()) {
        item(depth);
      }
      return;
    }
    long count = count(info);
    for (long i = 0; i < count; i++) {
      item(depth);
    }
  }

  private void map(int info, int depth) {
    if (info == INDEFINITE) {
      while (!atBreak()) {
        key();
        item(depth);
      }
      return;
    }
    long count = count(info);
    for (long i = 0; i < count; i++) {
      key();
      item(depth);
    }
  }

  private void key() {
    int head = head();
    if (head >> 5 != 3) {
      throw unrepresentable("a map key that is not text");
    }
    string(3, head & 0x1F);
  }

  private void string(int major, int info) {
    if (info != INDEFINITE) {
      chunk(major, info);
      return;
    }
    while (!atBreak()) {
      int head = head();
      if (head >> 5 != major || (head & 0x1F) == INDEFINITE) {
        throw malformed("a chunk of another type within a string");
      }
      chunk(major, head & 0x1F);
    }
  }

  private void chunk(int major, int info) {
    int length = (int) count(info);
    if (major == 3) {
      int invalid = Utf8.firstInvalid(bytes, at, at + length);
      if (invalid >= 0) {
        at = invalid;
        throw malformed("text that is not UTF-8");
      }
    }
    at += length;
  }

  private void tag(int info, int depth) {
    int start = at - 1;
    long tag = argument(info);
    if (tag == TAG_SELF_DESCRIBED) {
      item(nested(depth));
    } else if (tag == TAG_BIGNUM_POSITIVE || tag == TAG_BIGNUM_NEGATIVE) {
      bignum(start, tag == TAG_BIGNUM_NEGATIVE);
    } else {
      throw unrepresentable("an unknown tag");
    }
  }

  private void bignum(int start, boolean negative) {
    int head = head();
    int info = head & 0x1F;
    if (head >> 5 != 2 || info == INDEFINITE) {
      throw malformed("a bignum that is no byte string of known length");
    }
    int length = (int) count(info);
    int end = at + length;
    int first = at;
    while (first < end && bytes[first] == 0) {
      first++;
    }
    if (end - first > Long.BYTES || (negative && end - first == Long.BYTES && bytes[first] < 0)) {
      throw unrepresentable("an integer outside -2^63 to 2^64-1");
    }
    long argument = 0;
    for (at = first; at < end; at++) {
      argument = argument << Byte.SIZE | (bytes[at] & 0xFF);
    }
    bignums.add(new Bignum(start, end, negative, argument));
  }

  private void simple(int info) {
    switch (info) {
      case 20, 21, 22 -> {}
      case 25 -> finite((argument(info) & 0x7C00) != 0x7C00);
      case 26 -> finite((argument(info) & 0x7F80_0000L) != 0x7F80_0000L);
      case 27 -> finite((argument(info) & 0x7FF0_0000_0000_0000L) != 0x7FF0_0000_0000_0000L);
      case 24 -> {
        if (argument(info) < 32) {
          throw malformed("a simple value in two bytes that fits one");
        }
        throw unrepresentable("an unknown simple value");
      }
      case 28, 29, 30 -> throw malformed("a reserved head");
      case INDEFINITE -> throw malformed("a break outside an item of unknown length");
      default -> throw unrepresentable("undefined, or an unknown simple value");
    }
  }

  private void finite(boolean finite) {
    if (!finite) {
      throw unrepresentable("a number that is not finite");
    }
  }

  private boolean atBreak() {
    if (at >= bytes.length) {
      throw malformed("the item ends too early");
    }
    if ((bytes[at] & 0xFF) == BREAK) {
      at++;
      return true;
    }
    return false;
  }

  private int head() {
    if (at >= bytes.length) {
      throw malformed("the item ends too early");
    }
    return bytes[at++] & 0xFF;
  }

  /** The argument as an unsigned number: negative for 2^63 and above. */
  private long argument(int info) {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw malformed("a reserved head");
    }
    int length = 1 << (info - 24);
    if (bytes.length - at < length) {
      throw malformed("the item ends too early");
    }
    long argument = 0;
    for (int i = 0; i < length; i++) {
      argument = argument << 8 | (bytes[at++] & 0xFF);
    }
    return argument;
  }

  /** A number of things that each take at least one of the bytes that follow. */
  private long count(int info) {
    long count = argument(info);
    if (count < 0 || count > bytes.length - at) {
      throw malformed("the item ends too early");
    }
    return count;
  }

  private ProblemException malformed(String what) {
    return Problem.of(
            ProblemType.MALFORMED_BODY, "The body is not CBOR at byte " + at + ": " + what)
        .exception();
  }

  private ProblemException unrepresentable(String what) {
    return Problem.of(
            ProblemType.UNREPRESENTABLE, "The body holds " + what + " before byte " + at + ".")
        .exception();
  }
}
