package io.mayfly.protocol.contract;

import java.time.Duration;

/** The rules under which the entries of a namespace live. */
public record Contract(Lifetime lifetime, Durability durability, History history, Limits limits) {

  /**
   * How long entries live.
   *
   * @param standard the time to live of a creation that names none ({@code lifetime.default})
   * @param min the shortest time to live
   * @param max the longest time to live, counted from the mutation that asks
   * @param total the longest life over all renewals, counted from creation or not-before
   * @param tombstone how long an ended entry is remembered
   */
  public record Lifetime(
      Duration standard,
      Duration min,
      Duration max,
      Renewal renewal,
      Duration total,
      Duration tombstone) {}

  /** How much of the past is kept: the newest revisions, at least one. */
  public record History(int revisions) {}

  /** Upper bounds: the size of a value in bytes of CBOR. */
  public record Limits(int valueBytes) {}
}
