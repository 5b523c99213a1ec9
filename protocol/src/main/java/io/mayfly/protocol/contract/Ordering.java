package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the updates of an entry are ordered. */
public enum Ordering {
  /** As they arrive. */
  @JsonProperty("none")
  NONE("none"),

  /** By a running number of each producer. */
  @JsonProperty("sequence")
  SEQUENCE("sequence"),

  /** By version vectors, which tell concurrent updates from later ones. */
  @JsonProperty("version-vector")
  VERSION_VECTOR("version-vector");

  private final String text;

  Ordering(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
