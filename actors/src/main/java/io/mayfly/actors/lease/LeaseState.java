package io.mayfly.actors.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseRefusal.Reason;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.ledger.Wakeful;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a resource. Each state decides every command; see the package for the chart. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = LeaseState.Absent.class, name = "absent"),
  @JsonSubTypes.Type(value = LeaseState.Standing.class, name = "standing"),
})
public sealed interface LeaseState
    extends LeaseCommand.Cases<Turn, Optional<LeaseReply>>, WireMessage, Wakeful {

  /** Nothing is known of the resource, and nothing was purged. */
  static LeaseState initial() {
    return new Absent(0);
  }

  /** The resource that stands, or the lock that a first acquire finds. */
  Resource resource();

  /** The highest token that is known here, or 0. */
  long highestToken();

  /** When the clock next changes something that must be persisted, or 0 for never. */
  long wakeAtMillis();

  @Override
  default @Nullable Instant wakeAt() {
    return wakeAtMillis() == 0 ? null : Instant.ofEpochMilli(wakeAtMillis());
  }

  /**
   * Decides a command, after what the clock has brought about. Pure: the same arguments always give
   * the same decision.
   */
  default Decision decide(LeaseCommand command, Situation situation) {
    return new Turn(this, situation).decide(command);
  }

  /**
   * No resource.
   *
   * @param purgedToken the highest token that it gave, while this actor remembers it, or 0
   */
  record Absent(long purgedToken) implements LeaseState {
    private static final Optional<LeaseReply> UNKNOWN =
        Optional.of(LeaseRefusal.of(Reason.UNKNOWN_LEASE));

    @Override
    public Resource resource() {
      return Resource.lock(purgedToken);
    }

    @Override
    public long highestToken() {
      return purgedToken;
    }

    @Override
    public long wakeAtMillis() {
      return 0;
    }

    @Override
    public Optional<LeaseReply> define(LeaseCommand.Define command, Turn turn) {
      return turn.define(command, /* created= */ true);
    }

    @Override
    public Optional<LeaseReply> acquire(LeaseCommand.Acquire command, Turn turn) {
      return turn.acquire(command);
    }

    @Override
    public Optional<LeaseReply> renew(LeaseCommand.Renew command, Turn turn) {
      return Turn.LOST;
    }

    @Override
    public Optional<LeaseReply> release(LeaseCommand.Release command, Turn turn) {
      return Turn.LOST;
    }

    @Override
    public Optional<LeaseReply> leave(LeaseCommand.Leave command, Turn turn) {
      return Turn.SETTLED;
    }

    @Override
    public Optional<LeaseReply> read(LeaseCommand.Read command, Turn turn) {
      return UNKNOWN;
    }

    @Override
    public Optional<LeaseReply> readHistory(LeaseCommand.ReadHistory command, Turn turn) {
      return UNKNOWN;
    }

    @Override
    public Optional<LeaseReply> settle(LeaseCommand.Settle command, Turn turn) {
      return Turn.SETTLED;
    }
  }

  /** A resource whose permits are free, held or resting. */
  record Standing(Resource resource) implements LeaseState {
    @Override
    public long highestToken() {
      return resource.highestToken();
    }

    @Override
    public long wakeAtMillis() {
      return resource.wakeAtMillis();
    }

    @Override
    public Optional<LeaseReply> define(LeaseCommand.Define command, Turn turn) {
      return turn.define(command, /* created= */ false);
    }

    @Override
    public Optional<LeaseReply> acquire(LeaseCommand.Acquire command, Turn turn) {
      return turn.acquire(command);
    }

    @Override
    public Optional<LeaseReply> renew(LeaseCommand.Renew command, Turn turn) {
      return turn.renew(command);
    }

    @Override
    public Optional<LeaseReply> release(LeaseCommand.Release command, Turn turn) {
      return turn.release(command);
    }

    @Override
    public Optional<LeaseReply> leave(LeaseCommand.Leave command, Turn turn) {
      return Turn.SETTLED;
    }

    @Override
    public Optional<LeaseReply> read(LeaseCommand.Read command, Turn turn) {
      return turn.read();
    }

    @Override
    public Optional<LeaseReply> readHistory(LeaseCommand.ReadHistory command, Turn turn) {
      return turn.readHistory(command);
    }

    @Override
    public Optional<LeaseReply> settle(LeaseCommand.Settle command, Turn turn) {
      return Turn.SETTLED;
    }
  }
}
