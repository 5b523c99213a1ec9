package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an accepted mutation did. */
public enum Outcome {
  @JsonProperty("created")
  CREATED("created"),
  @JsonProperty("replaced")
  REPLACED("replaced"),
  @JsonProperty("patched")
  PATCHED("patched"),
  @JsonProperty("incremented")
  INCREMENTED("incremented"),
  @JsonProperty("renewed")
  RENEWED("renewed"),
  @JsonProperty("deleted")
  DELETED("deleted"),
  @JsonProperty("rolled-back")
  ROLLED_BACK("rolled-back"),
  /** Concurrent updates were merged. */
  @JsonProperty("merged")
  MERGED("merged"),
  /** The update was known already. */
  @JsonProperty("duplicate")
  DUPLICATE("duplicate"),
  @JsonProperty("unchanged")
  UNCHANGED("unchanged");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  public String text() {
    return text;
  }
}
