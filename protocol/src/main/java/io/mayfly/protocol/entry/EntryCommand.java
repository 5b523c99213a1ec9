package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of an entry. Each state implements {@link Cases}, so that a missing cell of the
 * state × command table does not compile.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = EntryCommand.Put.class, name = "put"),
  @JsonSubTypes.Type(value = EntryCommand.Patch.class, name = "patch"),
  @JsonSubTypes.Type(value = EntryCommand.Increment.class, name = "increment"),
  @JsonSubTypes.Type(value = EntryCommand.Touch.class, name = "touch"),
  @JsonSubTypes.Type(value = EntryCommand.Delete.class, name = "delete"),
  @JsonSubTypes.Type(value = EntryCommand.Rollback.class, name = "rollback"),
  @JsonSubTypes.Type(value = EntryCommand.End.class, name = "end"),
  @JsonSubTypes.Type(value = EntryCommand.Read.class, name = "read"),
  @JsonSubTypes.Type(value = EntryCommand.ReadHistory.class, name = "read-history"),
  @JsonSubTypes.Type(value = EntryCommand.Settle.class, name = "settle"),
})
public sealed interface EntryCommand extends WireMessage {

  /** Picks the case of this command. */
  <X, R> R match(Cases<X, R> cases, X context);

  /** Whether a client may ask for it; otherwise only the house does. */
  default boolean ofAClient() {
    return true;
  }

  /** One method per command. */
  interface Cases<X, R> {
    R put(Put command, X context);

    R patch(Patch command, X context);

    R increment(Increment command, X context);

    R touch(Touch command, X context);

    R delete(Delete command, X context);

    R rollback(Rollback command, X context);

    R end(End command, X context);

    R read(Read command, X context);

    R readHistory(ReadHistory command, X context);

    R settle(Settle command, X context);
  }

  /** A command by which a client changes an entry. */
  sealed interface Mutating extends EntryCommand {
    /** What the mutation carries besides its own argument. */
    Terms terms();
  }

  /** A command by which a client looks at an entry; under a sliding contract that may renew it. */
  sealed interface Looking extends EntryCommand {}

  /**
   * Creates the entry or replaces its value.
   *
   * @param notBefore the instant from which the entry is valid; absent for at once, or for the
   *     standing one of an entry that is not yet valid
   */
  record Put(Value value, @Nullable Instant notBefore, Terms terms) implements Mutating {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.put(this, context);
    }
  }

  /** Changes a part of the value, atomically. */
  record Patch(Change change, Terms terms) implements Mutating {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.patch(this, context);
    }
  }

  /**
   * Adds to a number; creates the entry when there is none.
   *
   * @param by a CBOR number
   * @param initial a CBOR number, to which {@code by} is added on creation
   */
  record Increment(Value by, Value initial, Terms terms) implements Mutating {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.increment(this, context);
    }
  }

  /** Renews the deadline and leaves the value alone. */
  record Touch(Terms terms) implements Mutating {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.touch(this, context);
    }
  }

  /** Ends the entry with reason {@code deleted}. */
  record Delete(Terms terms) implements Mutating {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.delete(this, context);
    }
  }

  /** Makes a new revision with the value of an older one of the same incarnation. */
  record Rollback(long toRevision, Terms terms) implements Mutating {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.rollback(this, context);
    }
  }

  /**
   * Ends the entry for a reason of the house: no client asks for it, and no rule of the contract
   * stands against it. The answer is {@link EntryReply.Settled}, also when there was nothing to
   * end.
   */
  record End(EndReason reason, Origin origin) implements EntryCommand {
    @Override
    public boolean ofAClient() {
      return false;
    }

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.end(this, context);
    }
  }

  /**
   * Reads the value.
   *
   * @param revision the revision asked for, or 0 for the current one
   * @param renews whether the read counts as use under a sliding contract
   */
  record Read(long revision, boolean renews) implements Looking {
    /** Reads the current value as a user of the single entry does. */
    public static final Read CURRENT = new Read(0, true);

    /** Reads the current value as a list does: a look that is no use. */
    public static final Read PEEK = new Read(0, false);

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.read(this, context);
    }
  }

  /** Reads the newest events of the key's story, at most {@code limit}. */
  record ReadHistory(int limit) implements Looking {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.readHistory(this, context);
    }
  }

  /**
   * Brings what is stored up to the clock: ends what is overdue, purges what is past its tombstone.
   * Sent by timers and sweepers; harmless at any time.
   */
  record Settle() implements EntryCommand {
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
