package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of mutation that a contract can switch. */
public enum Transition {
  /** An incarnation begins. */
  @JsonProperty("create")
  CREATE("create"),

  /** A PUT on a standing entry. */
  @JsonProperty("replace")
  REPLACE("replace"),

  /** A part of the value changes. */
  @JsonProperty("patch")
  PATCH("patch"),

  /** A number is added to. */
  @JsonProperty("increment")
  INCREMENT("increment"),

  /** The deadline is renewed. */
  @JsonProperty("touch")
  TOUCH("touch"),

  /** The entry is ended on request. */
  @JsonProperty("delete")
  DELETE("delete"),

  /** An older value comes back. */
  @JsonProperty("rollback")
  ROLLBACK("rollback");

  private final String text;

  Transition(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
