package io.mayfly.http;

import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.VersionVector;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Response headers, ready-made where they never change. */
final class Headers {
  static final HttpHeader NO_CACHE = RawHeader.create("Cache-Control", "no-cache");
  static final HttpHeader NO_STORE = RawHeader.create("Cache-Control", "no-store");
  static final HttpHeader REPLAYED = RawHeader.create("Idempotency-Replayed", "true");
  static final HttpHeader VARY_ACCEPT = RawHeader.create("Vary", "Accept");

  private static final Map<Durability, HttpHeader> DURABILITY = new EnumMap<>(Durability.class);

  static {
    for (Durability durability : Durability.values()) {
      DURABILITY.put(durability, RawHeader.create("Mayfly-Durability", durability.text()));
    }
  }

  private Headers() {}

  @SuppressWarnings("NullAway") // The map holds every constant.
  static HttpHeader durability(Durability durability) {
    return DURABILITY.get(durability);
  }

  /** Whole seconds, rounded up: a client that waits them has waited long enough. */
  static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }

  static HttpHeader etag(String etag) {
    return RawHeader.create("ETag", etag);
  }

  static HttpHeader versionVector(VersionVector vector) {
    return RawHeader.create("Mayfly-Version-Vector", vector.text());
  }

  static HttpHeader expiresAt(Instant expiresAt) {
    return RawHeader.create("Mayfly-Expires-At", InstantText.format(expiresAt));
  }
}
