package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How sensitive the values of a namespace are. */
public enum Privacy {
  /** For anybody. */
  @JsonProperty("public")
  PUBLIC("public"),

  /** For those who run the services. */
  @JsonProperty("internal")
  INTERNAL("internal"),

  /** About a person: in no log, trace, metric or error. */
  @JsonProperty("personal")
  PERSONAL("personal"),

  /** A secret: in no log, trace, metric or error. */
  @JsonProperty("secret")
  SECRET("secret");

  private final String text;

  Privacy(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }

  /** Whether values may appear nowhere but in answers to those who may read them. */
  public boolean confidential() {
    return this == PERSONAL || this == SECRET;
  }
}
