package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an acknowledgement means. */
public enum Durability {
  /** In the memory of the owning node. */
  @JsonProperty("volatile")
  VOLATILE("volatile"),
  /** In the journal: survives a crash of the process. */
  @JsonProperty("journaled")
  JOURNALED("journaled"),
  /** Forced to disk before the reply: survives power loss. */
  @JsonProperty("synced")
  SYNCED("synced");

  private final String text;

  Durability(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
