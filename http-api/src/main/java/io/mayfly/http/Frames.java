package io.mayfly.http;

import io.mayfly.http.value.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into the documents that it holds. What a document means is not looked at;
 * one that is too large is passed over without being kept.
 */
abstract class Frames {
  private static final byte[] NOTHING = new byte[0];

  /** What came next in the stream. */
  enum Found {
    /** Nothing whole: more bytes are needed. */
    MORE,
    /** A document, to be taken with {@link #frame()}. */
    FRAME,
    /** A document of more bytes than allowed. */
    TOO_LARGE,
    /** Bytes after which nothing can be read any more. */
    BROKEN
  }

  /** What one byte is to the document around it. */
  protected enum Step {
    /** No part of any document. */
    OUTSIDE,
    /** Part of a document that goes on. */
    INSIDE,
    /** The last byte of a document. */
    LAST,
    /** The first byte after a document. */
    AFTER,
    /** Nothing that may stand here. */
    BROKEN
  }

  private final int bytesMax;
  private byte[] chunk = NOTHING;
  private int at;
  private int from = -1;
  private long size;
  private @Nullable Bytes carried;
  private byte[] frame = NOTHING;

  Frames(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** What the byte is. It is asked for each byte of the stream once, in order. */
  protected abstract Step step(int b);

  /** Whether the stream may end between two documents here. */
  protected abstract boolean mayEnd();

  /** Whether the end of the stream ends a document that has begun. */
  protected abstract boolean endsWithStream();

  /** Gives the next bytes, once {@link #next()} has asked for more. */
  final void feed(byte[] bytes) {
    chunk = bytes;
    at = 0;
    from = from < 0 ? -1 : 0;
  }

  /** The next thing in the stream. */
  final Found next() {
    while (at < chunk.length) {
      Step step = step(chunk[at] & 0xFF);
      switch (step) {
        case OUTSIDE -> at++;
        case INSIDE -> {
          begin();
          at++;
        }
        case LAST -> {
          begin();
          at++;
          return cut(at);
        }
        case AFTER -> {
          at++;
          return cut(at - 1);
        }
        case BROKEN -> {
          return Found.BROKEN;
        }
      }
    }
    carry(chunk.length);
    chunk = NOTHING;
    at = 0;
    return Found.MORE;
  }

  /** What the end of the stream leaves: a last document, nothing, or something broken. */
  final Found end() {
    if (from >= 0) {
      return endsWithStream() ? cut(0) : Found.BROKEN;
    }
    return mayEnd() ? Found.MORE : Found.BROKEN;
  }

  /** The document that was found last. */
  final byte[] frame() {
    return frame;
  }

  private void begin() {
    if (from < 0) {
      from = at;
    }
  }

  private void carry(int to) {
    if (from < 0) {
      return;
    }
    size += to - from;
    if (size > bytesMax) {
      carried = null;
    } else {
      carried = carried == null ? new Bytes(Math.max(256, 2 * (to - from))) : carried;
      carried.write(chunk, from, to - from);
    }
    from = 0;
  }

  private Found cut(int to) {
    boolean small = size + (to - from) <= bytesMax;
    if (small && size == 0) {
      frame = Arrays.copyOfRange(chunk, from, to);
    } else {
      carry(to);
      frame = carried == null ? NOTHING : carried.toArray();
    }
    carried = null;
    size = 0;
    from = -1;
    return small ? Found.FRAME : Found.TOO_LARGE;
  }
}
