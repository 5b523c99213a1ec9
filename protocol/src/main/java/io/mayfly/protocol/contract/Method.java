package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What concurrent updates become. */
public enum Method {
  /** The later to arrive is refused. */
  @JsonProperty("reject")
  REJECT("reject"),

  /** The value that was written last. */
  @JsonProperty("last-writer-wins")
  LAST_WRITER_WINS("last-writer-wins"),

  /** Objects merged deeply, arrays as sets, scalars by the last writer. */
  @JsonProperty("merge")
  MERGE("merge"),

  /** The greatest number. */
  @JsonProperty("max")
  MAX("max"),

  /** The smallest number. */
  @JsonProperty("min")
  MIN("min"),

  /** The sum of the producers' numbers. */
  @JsonProperty("sum")
  SUM("sum");

  private final String text;

  Method(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
