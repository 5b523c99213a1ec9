package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a mutation asks the entry to live: for a time, until an instant, or as the contract and
 * the standing deadline say.
 *
 * @param ttl counted from the decision, or from the entry's not-before instant
 * @param expiresAt an absolute deadline; never together with {@code ttl}
 */
public record Lifespan(@Nullable Duration ttl, @Nullable Instant expiresAt) implements WireMessage {
  /** Nothing asked: the contract's default on creation, the standing deadline after. */
  public static final Lifespan UNSPECIFIED = new Lifespan(null, null);

  public Lifespan {
    if (ttl != null && expiresAt != null) {
      throw new IllegalArgumentException("lifespan: expected ttl or expires-at, not both");
    }
  }

  /** Whether the mutation names a lifespan at all. */
  public boolean specified() {
    return ttl != null || expiresAt != null;
  }
}
