package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The feature flag of a transition. */
public enum Flag {
  /** Carried out. */
  @JsonProperty("on")
  ON("on"),

  /** Refused. */
  @JsonProperty("off")
  OFF("off"),

  /** Decided and counted, never applied. */
  @JsonProperty("shadow")
  SHADOW("shadow");

  private final String text;

  Flag(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
