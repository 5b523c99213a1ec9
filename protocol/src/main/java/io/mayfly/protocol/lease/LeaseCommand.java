package io.mayfly.protocol.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import java.time.Duration;

/**
 * What can be asked of a resource. Each state implements {@link Cases}, so that a missing cell of
 * the state × command table does not compile.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = LeaseCommand.Define.class, name = "define"),
  @JsonSubTypes.Type(value = LeaseCommand.Acquire.class, name = "acquire"),
  @JsonSubTypes.Type(value = LeaseCommand.Renew.class, name = "renew"),
  @JsonSubTypes.Type(value = LeaseCommand.Release.class, name = "release"),
  @JsonSubTypes.Type(value = LeaseCommand.Leave.class, name = "leave"),
  @JsonSubTypes.Type(value = LeaseCommand.Read.class, name = "read"),
  @JsonSubTypes.Type(value = LeaseCommand.ReadHistory.class, name = "read-history"),
  @JsonSubTypes.Type(value = LeaseCommand.Settle.class, name = "settle"),
})
public sealed interface LeaseCommand extends WireMessage {
  /** Picks the case of this command. */
  <X, R> R match(Cases<X, R> cases, X context);

  /** Whether a client may ask for it; otherwise only the house does. */
  default boolean ofAClient() {
    return true;
  }

  /** One method per command. */
  interface Cases<X, R> {
    R define(Define command, X context);

    R acquire(Acquire command, X context);

    R renew(Renew command, X context);

    R release(Release command, X context);

    R leave(Leave command, X context);

    R read(Read command, X context);

    R readHistory(ReadHistory command, X context);

    R settle(Settle command, X context);
  }

  /** A command by which a client changes a resource. */
  sealed interface Mutating extends LeaseCommand {
    /** What the mutation carries besides its own argument. */
    LeaseTerms terms();
  }

  /**
   * Creates the resource, or gives it another capacity and cooldown. What is held stays held.
   *
   * @param capacity how many permits there are, from 1
   * @param cooldown how long a permit rests after its lease ended
   */
  record Define(int capacity, Duration cooldown, LeaseTerms terms) implements Mutating {
    /** The most permits that a resource has. */
    public static final int CAPACITY_MAX = 1_000_000;

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.define(this, context);
    }
  }

  /**
   * Takes permits, at once or after a wait in the queue; creates a lock when there is no resource.
   *
   * @param nonce unguessable and different in every acquire: it names the waiter, and becomes a
   *     part of the lease id
   * @param holder who will hold them, for people and for other holders
   * @param permits from 1
   * @param ttl how long they are held unless they are renewed or released
   * @param patience how long to wait at most ({@code wait} in requests); zero for not at all
   */
  record Acquire(
      String nonce, String holder, int permits, Duration ttl, Duration patience, LeaseTerms terms)
      implements Mutating {
    /** Whether it may stand in the queue. */
    public boolean waits() {
      return !patience.isZero();
    }

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.acquire(this, context);
    }
  }

  /** Moves the deadline of a lease to now plus {@code ttl}; the token stays. */
  record Renew(String leaseId, Duration ttl, LeaseTerms terms) implements Mutating {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.renew(this, context);
    }
  }

  /** Gives the permits of a lease back. */
  record Release(String leaseId, LeaseTerms terms) implements Mutating {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.release(this, context);
    }
  }

  /**
   * Takes a waiter out of the queue, since nobody is there any more to hear its answer. Harmless
   * when it does not wait.
   */
  record Leave(String nonce) implements LeaseCommand {
    @Override
    public boolean ofAClient() {
      return false;
    }

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.leave(this, context);
    }
  }

  /** Shows the resource. */
  record Read() implements LeaseCommand {
    /** The only one. */
    public static final Read CURRENT = new Read();

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.read(this, context);
    }
  }

  /**
   * Tells what happened to the resource.
   *
   * @param limit the most events, the newest
   */
  record ReadHistory(int limit) implements LeaseCommand {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.readHistory(this, context);
    }
  }

  /**
   * Brings what is stored, and who waits, up to the clock. Sent by timers and sweepers; harmless at
   * any time.
   */
  record Settle() implements LeaseCommand {
    /** The only one. */
    public static final Settle NOW = new Settle();

    @Override
    public boolean ofAClient() {
      return false;
    }

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.settle(this, context);
    }
  }
}
