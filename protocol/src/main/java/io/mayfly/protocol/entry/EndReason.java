package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an incarnation ended. */
public enum EndReason {
  @JsonProperty("expired")
  EXPIRED("expired"),
  @JsonProperty("deleted")
  DELETED("deleted");

  private final String text;

  EndReason(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
