package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a mutation puts the deadline under the lifetime of a contract, or which rule forbids it.
 */
final class Deadlines {
  private Deadlines() {}

  /**
   * A deadline, or the broken rules.
   *
   * @param ttlMillis the last time to live that a client named, or 0
   */
  record Ruling(long deadlineMillis, long ttlMillis, List<Violation> violations) {
    boolean broken() {
      return !violations.isEmpty();
    }
  }

  /** The first deadline of an incarnation that is valid from {@code validFromMillis}. */
  static Ruling atBirth(Lifetime lifetime, Lifespan wish, long validFromMillis, long nowMillis) {
    long base = Math.max(nowMillis, validFromMillis);
    long deadline = wished(wish, base, base + lifetime.standard().toMillis());
    List<Violation> violations = new ArrayList<>();
    if (validFromMillis - nowMillis > lifetime.max().toMillis()) {
      violations.add(tooFarAhead(lifetime));
    }
    bounds(lifetime, deadline - base, violations);
    if (deadline - base > lifetime.total().toMillis()) {
      violations.add(broken("lifetime.total", "the life is longer than", lifetime.total()));
    }
    return new Ruling(deadline, ttlMillis(wish, 0), List.copyOf(violations));
  }

  /**
   * The deadline after a mutation of a standing entry.
   *
   * @param implied the time to live to take when the wish names none; absent to leave the deadline,
   *     unless the contract slides
   * @param validFromMillis from when the entry is valid after the mutation
   */
  static Ruling atRenewal(
      Lifetime lifetime,
      Lifespan wish,
      @Nullable Duration implied,
      Life life,
      long validFromMillis,
      long nowMillis) {
    long base = Math.max(nowMillis, validFromMillis);
    long cap = Math.max(life.createdAtMillis(), validFromMillis) + lifetime.total().toMillis();
    long standing = life.expiresAtMillis();
    long ttl = ttlMillis(wish, life.ttlMillis());
    List<Violation> violations = new ArrayList<>();
    long deadline = standing;
    if (wish.specified()) {
      deadline = wished(wish, base, standing);
      bounds(lifetime, deadline - base, violations);
    } else if (lifetime.renewal() == Renewal.SLIDING) {
      deadline = Math.max(standing, base + slideMillis(lifetime, life));
    } else if (implied != null) {
      deadline = base + implied.toMillis();
    }
    if (lifetime.renewal() == Renewal.SLIDING) {
      deadline = Math.min(deadline, Math.max(cap, standing));
    } else if (deadline > cap && deadline > standing) {
      violations.add(broken("lifetime.total", "the life is longer than", lifetime.total()));
    }
    if (lifetime.renewal() == Renewal.FIXED && (deadline != standing || implied != null)) {
      violations.add(
          new Violation("lifetime.renewal", "", "the deadline is fixed from the creation on"));
    }
    if (deadline <= base && violations.isEmpty()) {
      violations.add(broken("lifetime.min", "the life is shorter than", lifetime.min()));
    }
    return new Ruling(deadline, ttl, List.copyOf(violations));
  }

  /** A not-before instant beyond the longest life. */
  static Violation tooFarAhead(Lifetime lifetime) {
    return broken("lifetime.max", "not-before lies further ahead than", lifetime.max());
  }

  private static long slideMillis(Lifetime lifetime, Life life) {
    return life.ttlMillis() > 0 ? life.ttlMillis() : lifetime.standard().toMillis();
  }

  private static long wished(Lifespan wish, long baseMillis, long otherwiseMillis) {
    Duration ttl = wish.ttl();
    Instant expiresAt = wish.expiresAt();
    if (ttl != null) {
      return baseMillis + ttl.toMillis();
    }
    return expiresAt != null ? expiresAt.toEpochMilli() : otherwiseMillis;
  }

  private static long ttlMillis(Lifespan wish, long otherwiseMillis) {
    Duration ttl = wish.ttl();
    return ttl != null ? ttl.toMillis() : otherwiseMillis;
  }

  private static void bounds(Lifetime lifetime, long millis, List<Violation> violations) {
    if (millis < lifetime.min().toMillis() || millis <= 0) {
      violations.add(broken("lifetime.min", "the life is shorter than", lifetime.min()));
    }
    if (millis > lifetime.max().toMillis()) {
      violations.add(broken("lifetime.max", "the life is longer than", lifetime.max()));
    }
  }

  private static Violation broken(String rule, String what, Duration bound) {
    return new Violation(rule, "", what + " " + rule + ", which is " + bound);
  }
}
