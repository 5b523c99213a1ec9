package io.mayfly.actors.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.Told;
import io.mayfly.protocol.lease.Holder;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import io.mayfly.protocol.lease.LeaseHistoryEvent.Kind;
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
public sealed interface LeaseEvent extends WireMessage, Recorded, Told {

  /** What every event says. */
  Fact fact();

  /** The state after the event; the only place where a state changes. */
  LeaseState applyTo(LeaseState state);

  /** How a resource's story tells of it; absent for what happened behind the scenes. */
  @Nullable LeaseHistoryEvent line();

  @Override
  default @Nullable FeedEvent feedEvent() {
    LeaseHistoryEvent line = line();
    return line == null ? null : new FeedEvent.OfLease(fact().id(), line);
  }

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

    @Override
    public LeaseHistoryEvent line() {
      return new LeaseHistoryEvent(
          Kind.DEFINED,
          Instant.ofEpochMilli(fact.atMillis()),
          fact.origin(),
          null,
          capacity,
          /* lateMillis= */ 0);
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

    @Override
    public LeaseHistoryEvent line() {
      return fact.line(Kind.ACQUIRED, held().shown(), 0);
    }

    Held held() {
      return new Held(
          leaseId, holder, permits, token, expiresAtMillis, fact.origin().traceparent());
    }
  }

  /**
   * A holder moved the deadline of its lease.
   *
   * @param lease as everybody sees it now; absent in events of before it was told
   */
  record Renewed(Fact fact, String leaseId, long expiresAtMillis, @Nullable Holder lease)
      implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return state.resource().renewed(this);
    }

    @Override
    public @Nullable LeaseHistoryEvent line() {
      return lease == null ? null : fact.line(Kind.RENEWED, lease, 0);
    }
  }

  /**
   * A holder gave its lease back.
   *
   * @param rememberedUntilMillis until when its id is known as released
   * @param lease as everybody saw it; absent in events of before it was told
   */
  record Released(Fact fact, String leaseId, long rememberedUntilMillis, @Nullable Holder lease)
      implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return state.resource().released(this);
    }

    @Override
    public @Nullable LeaseHistoryEvent line() {
      return lease == null ? null : fact.line(Kind.RELEASED, lease, 0);
    }
  }

  /**
   * A lease ended at its deadline. The lateness of the event is its own instant minus that one.
   *
   * @param lease as everybody saw it; absent in events of before it was told
   */
  record Expired(Fact fact, String leaseId, @Nullable Holder lease) implements LeaseEvent {
    @Override
    public LeaseState applyTo(LeaseState state) {
      return state.resource().expired(this);
    }

    @Override
    public @Nullable LeaseHistoryEvent line() {
      return lease == null
          ? null
          : fact.line(Kind.EXPIRED, lease, fact.atMillis() - lease.expiresAt().toEpochMilli());
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
    public @Nullable LeaseHistoryEvent line() {
      return null;
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
