package io.mayfly.http;

/** What a client's belief of an entry comes to. */
enum Verdict {
  /** The client has what the entry is. */
  MATCH("match"),
  /** The entry has gone on. */
  STALE("stale"),
  /** The client names a version that the entry has not reached. */
  AHEAD("ahead"),
  /** The version is the same and the value is not. */
  DIVERGED("diverged"),
  /** The key has ended. */
  ENDED("ended"),
  /** The key never existed, or its tombstone is purged. */
  UNKNOWN("unknown");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  /** The word on the wire. */
  String text() {
    return text;
  }
}
