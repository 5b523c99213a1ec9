package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a deadline may move after creation. */
public enum Renewal {
  /** Never. */
  @JsonProperty("fixed")
  FIXED("fixed"),
  /** When a mutation asks for it. */
  @JsonProperty("renewable")
  RENEWABLE("renewable"),
  /** At every mutation and every read of the single entry. */
  @JsonProperty("sliding")
  SLIDING("sliding");

  private final String text;

  Renewal(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
