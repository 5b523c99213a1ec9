package io.mayfly.protocol.lease;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a resource's story.
 *
 * @param lease the lease that it happened to, as everybody may see it; absent where the resource
 *     itself changed
 * @param capacity what the resource was given; 0 where it was given none
 * @param lateMillis of an expiry, how long after its instant it was stored; else 0
 */
public record LeaseHistoryEvent(
    Kind kind, Instant at, Origin origin, @Nullable Holder lease, int capacity, long lateMillis)
    implements WireMessage {

  /** What happened. */
  public enum Kind {
    @JsonProperty("defined")
    DEFINED("defined"),
    @JsonProperty("acquired")
    ACQUIRED("acquired"),
    @JsonProperty("renewed")
    RENEWED("renewed"),
    @JsonProperty("released")
    RELEASED("released"),
    @JsonProperty("expired")
    EXPIRED("expired");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The word on the wire. */
    public String text() {
      return text;
    }
  }
}
