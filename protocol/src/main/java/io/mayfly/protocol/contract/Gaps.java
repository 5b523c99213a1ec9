package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a missing number in a producer's sequence means. */
public enum Gaps {
  /** The later number is applied. */
  @JsonProperty("accept")
  ACCEPT("accept"),

  /** The later number is refused. */
  @JsonProperty("reject")
  REJECT("reject");

  private final String text;

  Gaps(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
