package io.mayfly.actors.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Recorded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a resource. An event carries all that replay needs: applying it looks at no
 * clock and no configuration.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = LeaseEvent.Defined.class, name = "defined"),
  @JsonSubTypes.Type(value = LeaseEvent.Granted.class, name = "granted"),
  @JsonSubTypes.Type(value = LeaseEvent.Renewed.class, name = "renewed"),
  @JsonSubTypes.Type(value = LeaseEvent.Released.class, name = "released"),
  @JsonSubTypes.Type(value = LeaseEvent.Expired.class, name = "expired"),
  @JsonSubTypes.Type(value = LeaseEvent.Purged.class, name = "purged"),
})
public sealed interface LeaseEvent extends WireMessage, Recorded {

  /** What every event says. */
  Fact fact();

  /** The state after the event; the only place where a state changes. */
  LeaseState applyTo(LeaseState state);

  @Override
  default boolean forced() {
    return fact().forced();
  }

  /** A resource has no row in the lists of entries: the ledger only wakes it. */
  @Override
  default LedgerChange ledgerChange() {
    return new LedgerChange(
        null, null, instant(fact().wakeBeforeMillis()), instant(fact().wakeAfterMillis()), 0);
  }

  /**
   * A client gave the resource its capacity and cooldown.
   *
   * @param tokenFloor the highest token that was known of the resource, or is known to be purged
   */
  record Defined(Fact fact, int capacity, long cooldownMillis, long tokenFloor)
      implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return state.resource().defined(this);
    }
  }

  /** A lease began. */
  record Granted(
      Fact fact, String leaseId, String holder, int permits, long token, long expiresAtMillis)
      implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return state.resource().granted(this);
    }

    Held held() {
      return new Held(leaseId, holder, permits, token, expiresAtMillis);
    }
  }

  /** A holder moved the deadline of its lease. */
  record Renewed(Fact fact, String leaseId, long expiresAtMillis) implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return state.resource().renewed(this);
    }
  }

  /**
   * A holder gave its lease back.
   *
   * @param rememberedUntilMillis until when its id is known as released
   */
  record Released(Fact fact, String leaseId, long rememberedUntilMillis) implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return state.resource().released(this);
    }
  }

  /** A lease ended at its deadline. The lateness of the event is its own instant minus that one. */
  record Expired(Fact fact, String leaseId) implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return state.resource().expired(this);
    }
  }

  /**
   * Nobody used the resource for its time: nothing of it remains.
   *
   * @param token the highest token it gave
   */
  record Purged(Fact fact, long token) implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return new LeaseState.Absent(token);
    }

    @Override
    public LedgerChange ledgerChange() {
      return new LedgerChange(
          null, null, instant(fact.wakeBeforeMillis()), null, Math.max(1, token));
    }
  }

  private static @Nullable Instant instant(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
