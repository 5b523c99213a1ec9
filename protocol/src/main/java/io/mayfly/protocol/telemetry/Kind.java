package io.mayfly.protocol.telemetry;

/** The kinds of actors that keys have. */
public enum Kind {
  /** An entry whose events are stored. */
  ENTRY("entry"),

  /** An entry in memory alone. */
  VOLATILE_ENTRY("volatile-entry"),

  /** A resource that is leased. */
  LEASE("lease");

  private final String text;

  Kind(String text) {
    this.text = text;
  }

  /** The word for it in metrics, and the name of its shard regions. */
  public String text() {
    return text;
  }
}
