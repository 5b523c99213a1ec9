package io.mayfly.http;

import io.mayfly.http.value.Bytes;
import org.apache.pekko.util.ByteString;

/** Spelt events, one behind the other. */
final class WatchChunk {
  private final Bytes bytes = new Bytes(1024);

  void add(byte[] spelt) {
    bytes.write(spelt, 0, spelt.length);
  }

  int size() {
    return bytes.size();
  }

  /** All of them; nothing may be added afterwards. */
  ByteString toByteString() {
    return bytes.size() == 0 ? ByteString.emptyByteString() : bytes.toByteString();
  }
}
