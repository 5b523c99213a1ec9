package io.mayfly.protocol.contract;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.Value;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules under which the entries of a namespace live.
 *
 * @param schema a JSON Schema (2020-12) that every value meets; absent for any value
 */
public record Contract(
    Lifetime lifetime,
    Durability durability,
    Mutation mutation,
    Reconciliation reconciliation,
    Idempotency idempotency,
    History history,
    Limits limits,
    Privacy privacy,
    @Nullable Value schema)
    implements WireMessage {

  /** The built-in contract: what a contract document and the configuration leave out. */
  public static final Contract STANDARD =
      new Contract(
          new Lifetime(
              Duration.ofMinutes(15),
              Duration.ofMillis(10),
              Duration.ofDays(7),
              Renewal.RENEWABLE,
              Duration.ofDays(30),
              Duration.ofMinutes(10)),
          Durability.JOURNALED,
          new Mutation(Set.of(), false, false, Mutation.ALL_ON),
          new Reconciliation(Ordering.NONE, Gaps.ACCEPT, Method.REJECT),
          new Idempotency(Duration.ofMinutes(10), 64),
          new History(32),
          new Limits(65_536, 0, 256, 4_096, 0),
          Privacy.INTERNAL,
          null);

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
      Duration tombstone)
      implements WireMessage {}

  /**
   * Who may change entries, and how.
   *
   * @param writers the callers or producers that may; empty for everybody
   * @param preconditionRequired whether a mutation must name a condition
   * @param fenceRequired whether a mutation must carry a fencing token
   * @param transitions the feature flag of every transition
   */
  public record Mutation(
      Set<String> writers,
      boolean preconditionRequired,
      boolean fenceRequired,
      Map<Transition, Flag> transitions)
      implements WireMessage {

    /** Every transition is on. */
    public static final Map<Transition, Flag> ALL_ON = allOn();

    /** The flag of a transition; on where none is named. */
    public Flag flag(Transition transition) {
      return transitions.getOrDefault(transition, Flag.ON);
    }

    private static Map<Transition, Flag> allOn() {
      Map<Transition, Flag> flags = new EnumMap<>(Transition.class);
      for (Transition transition : Transition.values()) {
        flags.put(transition, Flag.ON);
      }
      return Map.copyOf(flags);
    }
  }

  /** How updates of several producers are ordered, and how concurrent ones are reconciled. */
  public record Reconciliation(Ordering ordering, Gaps gaps, Method method)
      implements WireMessage {}

  /**
   * How long, and how many, answers to requests with an idempotency key are remembered per entry.
   */
  public record Idempotency(Duration window, int keys) implements WireMessage {
    /** The most answers that an entry remembers. */
    public static final int KEYS_MAX = 1_024;
  }

  /** How much of the past is kept: the newest revisions, at least one. */
  public record History(int revisions) implements WireMessage {}

  /**
   * Upper bounds.
   *
   * @param valueBytes the size of a value in bytes of CBOR
   * @param keys the entries of the namespace that have not ended, or 0 for any number
   * @param queuePerKey the requests to one key that are under way
   * @param inFlight the requests to the namespace that are under way
   * @param ratePerSecond the requests to the namespace in a second, or 0 for any number
   */
  public record Limits(int valueBytes, long keys, int queuePerKey, int inFlight, int ratePerSecond)
      implements WireMessage {}

  /** The same contract with another lifetime. */
  public Contract with(Lifetime other) {
    return new Contract(
        other, durability, mutation, reconciliation, idempotency, history, limits, privacy, schema);
  }

  /** The same contract with another durability. */
  public Contract with(Durability other) {
    return new Contract(
        lifetime, other, mutation, reconciliation, idempotency, history, limits, privacy, schema);
  }

  /** The same contract with other rules for mutations. */
  public Contract with(Mutation other) {
    return new Contract(
        lifetime, durability, other, reconciliation, idempotency, history, limits, privacy, schema);
  }

  /** The same contract with another order of updates. */
  public Contract with(Reconciliation other) {
    return new Contract(
        lifetime, durability, mutation, other, idempotency, history, limits, privacy, schema);
  }

  /** The same contract with another memory for answers. */
  public Contract with(Idempotency other) {
    return new Contract(
        lifetime, durability, mutation, reconciliation, other, history, limits, privacy, schema);
  }

  /** The same contract with another reach of history. */
  public Contract with(History other) {
    return new Contract(
        lifetime,
        durability,
        mutation,
        reconciliation,
        idempotency,
        other,
        limits,
        privacy,
        schema);
  }

  /** The same contract with other bounds. */
  public Contract with(Limits other) {
    return new Contract(
        lifetime,
        durability,
        mutation,
        reconciliation,
        idempotency,
        history,
        other,
        privacy,
        schema);
  }

  /** The same contract with another privacy class. */
  public Contract with(Privacy other) {
    return new Contract(
        lifetime,
        durability,
        mutation,
        reconciliation,
        idempotency,
        history,
        limits,
        other,
        schema);
  }

  /** The same contract with another schema, or none. */
  public Contract withSchema(@Nullable Value other) {
    return new Contract(
        lifetime,
        durability,
        mutation,
        reconciliation,
        idempotency,
        history,
        limits,
        privacy,
        other);
  }
}
