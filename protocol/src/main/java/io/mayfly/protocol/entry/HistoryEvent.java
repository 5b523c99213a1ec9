package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.mayfly.protocol.WireMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a key's story; never the value.
 *
 * @param outcome absent for an end that nobody asked for
 * @param reason only for ends
 */
public record HistoryEvent(
    Version version,
    Instant at,
    Kind kind,
    @Nullable Outcome outcome,
    Origin origin,
    @Nullable Instant expiresAt,
    @Nullable EndReason reason)
    implements WireMessage {

  /** What happened. */
  public enum Kind {
    @JsonProperty("created")
    CREATED("created"),
    @JsonProperty("updated")
    UPDATED("updated"),
    @JsonProperty("renewed")
    RENEWED("renewed"),
    @JsonProperty("ended")
    ENDED("ended");

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
