package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an incarnation ended. */
public enum EndReason {
  @JsonProperty("expired")
  EXPIRED("expired"),
  @JsonProperty("deleted")
  DELETED("deleted"),
  /** The contract of the namespace was withdrawn. */
  @JsonProperty("superseded")
  SUPERSEDED("superseded"),
  /** The entry made room for a new one. */
  @JsonProperty("evicted")
  EVICTED("evicted");

  private final String text;

  EndReason(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
