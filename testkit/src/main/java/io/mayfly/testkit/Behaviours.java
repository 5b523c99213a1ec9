package io.mayfly.testkit;

import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.LeaseTerms;
import io.mayfly.testkit.sim.Dice;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What clients commonly do. */
public final class Behaviours {
  private Behaviours() {}

  /** Puts, reads, renews and deletes; every value that is put is a number of its own. */
  public static Supplier<Behaviour> registers(String namespace, int keys) {
    return () ->
        (dice, number) -> {
          EntryId id = new EntryId(namespace, "r" + dice.below(keys));
          Terms retried = dice.chance(0.5) ? retried(number) : Terms.NONE;
          Terms terms = retried.with(lifespan(dice));
          EntryCommand command =
              switch (dice.below(10)) {
                case 0, 1, 2, 3 -> new EntryCommand.Put(value(number), null, terms);
                case 4 -> new EntryCommand.Touch(terms);
                case 5 -> new EntryCommand.Delete(retried);
                default -> EntryCommand.Read.CURRENT;
              };
          return new Behaviour.Ask(id, command);
        };
  }

  /** Adds one, under an idempotency key. */
  public static Supplier<Behaviour> counters(String namespace, int keys) {
    return () ->
        (dice, number) ->
            new Behaviour.Ask(
                new EntryId(namespace, "c" + dice.below(keys)),
                new EntryCommand.Increment(value(1), value(0), retried(number)));
  }

  /** Reads, and puts only over the version that it read. */
  public static Supplier<Behaviour> swaps(String namespace, int keys) {
    return () -> new Swaps(namespace, keys);
  }

  /** Takes locks, renews or releases them, and leaves some to their deadline. */
  public static Supplier<Behaviour> locks(String namespace, int names) {
    return () -> new Locks(namespace, names);
  }

  /** Writes under the fencing token of a lock that it took before. */
  public static Supplier<Behaviour> fenced(String namespace) {
    return () -> new Fenced(namespace);
  }

  private static final class Swaps implements Behaviour {
    private final String namespace;
    private final int keys;
    private @Nullable EntryId read;
    private Precondition condition = Precondition.NONE;

    private Swaps(String namespace, int keys) {
      this.namespace = namespace;
      this.keys = keys;
    }

    @Override
    public Act next(Dice dice, long number) {
      if (read != null) {
        return new Ask(
            read,
            new EntryCommand.Put(
                value(number), null, retried(number).with(condition).with(lifespan(dice))));
      }
      EntryId id = new EntryId(namespace, "s" + dice.below(keys));
      return new Ask(
          id,
          dice.chance(0.3)
              ? new EntryCommand.Put(value(number), null, retried(number).with(lifespan(dice)))
              : EntryCommand.Read.CURRENT);
    }

    @Override
    public void heard(Act act, @Nullable Object reply) {
      if (act instanceof Ask asked && reply instanceof EntryReply.Found found) {
        read = asked.id();
        condition =
            new Precondition(new Precondition.Tags(false, Set.of(found.view().version())), null);
      } else {
        read = null;
      }
    }
  }

  private static final class Locks implements Behaviour {
    private final String namespace;
    private final int names;
    private @Nullable LeaseId held;
    private String leaseId = "";

    private Locks(String namespace, int names) {
      this.namespace = namespace;
      this.names = names;
    }

    @Override
    public Act next(Dice dice, long number) {
      LeaseTerms terms =
          dice.chance(0.5) ? LeaseTerms.NONE.with(retryKey(number)) : LeaseTerms.NONE;
      if (held != null && dice.chance(0.7)) {
        LeaseId id = held;
        return new AskLease(
            id,
            dice.chance(0.5)
                ? new LeaseCommand.Renew(leaseId, Duration.ofSeconds(10), terms)
                : new LeaseCommand.Release(leaseId, terms));
      }
      Duration patience = dice.chance(0.5) ? Duration.ofSeconds(3) : Duration.ZERO;
      return new AskLease(
          new LeaseId(namespace, "l" + dice.below(names)),
          new LeaseCommand.Acquire(
              "n" + number, "c" + number, 1, Duration.ofSeconds(10), patience, terms));
    }

    @Override
    public void heard(Act act, @Nullable Object reply) {
      if (act instanceof AskLease asked && reply instanceof LeaseReply.Granted granted) {
        held = asked.id();
        leaseId = granted.leaseId();
      } else {
        held = null;
      }
    }
  }

  private static final class Fenced implements Behaviour {
    private final String namespace;
    private long token;

    private Fenced(String namespace) {
      this.namespace = namespace;
    }

    @Override
    public Act next(Dice dice, long number) {
      if (token == 0 || dice.chance(0.3)) {
        return new AskLease(
            new LeaseId(namespace, "gate"),
            new LeaseCommand.Acquire(
                "n" + number, "f", 1, Duration.ofSeconds(4), Duration.ZERO, LeaseTerms.NONE));
      }
      return new Ask(
          new EntryId(namespace, "guarded"),
          new EntryCommand.Put(value(number), null, Terms.NONE.withFence(token)));
    }

    @Override
    public void heard(Act act, @Nullable Object reply) {
      if (reply instanceof LeaseReply.Granted granted) {
        token = granted.token();
      }
    }
  }

  private static Lifespan lifespan(Dice dice) {
    return dice.chance(0.7)
        ? new Lifespan(Duration.ofMillis(dice.between(500, 40_000)), null)
        : Lifespan.UNSPECIFIED;
  }

  private static Terms retried(long number) {
    return Terms.NONE.with(retryKey(number));
  }

  private static RetryKey retryKey(long number) {
    return new RetryKey("k" + number, "f" + number, false);
  }

  private static Value value(long number) {
    return JsonText.value(Long.toString(number));
  }
}
