package io.mayfly.testkit;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.LeaseTerms;
import io.mayfly.testkit.sim.Dice;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What clients commonly do. */
public final class Behaviours {
  private Behaviours() {}

  /** Puts, reads, renews and deletes; every value that is put is a number of its own. */
  public static Supplier<Behaviour> registers(String namespace, int keys) {
    return () ->
        (dice, number) -> {
          Entry entry = Entry.of(namespace + "/r" + dice.below(keys));
          Entry retried = dice.chance(0.5) ? entry.once("k" + number) : entry;
          Entry lasting = lasting(retried, dice);
          return switch (dice.below(10)) {
            case 0, 1, 2, 3 -> lasting.put(Long.toString(number));
            case 4 -> lasting.touch();
            case 5 -> retried.delete();
            default -> entry.read();
          };
        };
  }

  /** Adds one, under an idempotency key. */
  public static Supplier<Behaviour> counters(String namespace, int keys) {
    return () ->
        (dice, number) ->
            Entry.of(namespace + "/c" + dice.below(keys)).once("k" + number).increment(1);
  }

  /** Reads, and puts only over the version that it read. */
  public static Supplier<Behaviour> swaps(String namespace, int keys) {
    return () -> new Swaps(namespace, keys);
  }

  /** Changes a contract from one of these to another. */
  public static Supplier<Behaviour> agreements(String namespace, List<Contract> contracts) {
    return () ->
        (dice, number) ->
            new Behaviour.Agree(namespace, contracts.get(dice.below(contracts.size())));
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
    private @Nullable Entry seen;

    private Swaps(String namespace, int keys) {
      this.namespace = namespace;
      this.keys = keys;
    }

    @Override
    public Act next(Dice dice, long number) {
      Entry entry = Entry.of(namespace + "/s" + dice.below(keys));
      if (seen == null && dice.chance(0.7)) {
        return entry.read();
      }
      Entry written = seen == null ? entry : seen;
      return lasting(written.once("k" + number), dice).put(Long.toString(number));
    }

    @Override
    public void heard(Act act, @Nullable Object reply) {
      seen =
          act instanceof Ask asked && reply instanceof EntryReply.Found found
              ? Entry.of(asked.id().text()).ifMatch(found.view().version())
              : null;
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
          dice.chance(0.5)
              ? LeaseTerms.NONE.with(new RetryKey("k" + number, "f" + number, false))
              : LeaseTerms.NONE;
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
      return Entry.of(namespace + "/guarded").fenced(token).put(Long.toString(number));
    }

    @Override
    public void heard(Act act, @Nullable Object reply) {
      if (reply instanceof LeaseReply.Granted granted) {
        token = granted.token();
      }
    }
  }

  private static Entry lasting(Entry entry, Dice dice) {
    return dice.chance(0.7) ? entry.lasting(Duration.ofMillis(dice.between(500, 40_000))) : entry;
  }
}
