package io.mayfly.testkit.check;

import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.lease.LeaseEvent;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.testkit.JsonText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Mayfly guarantees, looked at whenever an event is stored or a client is answered. The rules
 * are written down a second time here: nothing of the house's own rules is asked.
 */
public final class Guarantees {
  private final Contracts contracts;
  private final Map<EntryId, Life> lives = new LinkedHashMap<>();
  private final Map<String, Grants> grants = new LinkedHashMap<>();
  private final Map<String, Long> agreed = new HashMap<>();
  private final Map<String, Version> effects = new HashMap<>();
  private final List<EntryEvent.Ended> ends = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();

  /** What is known of an entry by its events. */
  private static final class Life {
    private final Map<Version, Value> values = new HashMap<>();
    private final Set<Version> versions = new HashSet<>();
    private long incarnation;
    private long revision;
    private long capMillis;
    private long deadlineMillis;
    private long purgeAtMillis;
    private long fence;
    private boolean ended = true;
  }

  /** What is known of a resource by its events. */
  private static final class Grants {
    private final Map<String, LeaseEvent.Granted> standing = new LinkedHashMap<>();
    private final Map<String, Long> expiries = new HashMap<>();
    private long highestToken;
    private int capacity = 1;
  }

  /**
   * Looks at what happens under contracts.
   *
   * @param contracts what they say of durability and total lifetime does not change
   */
  public Guarantees(Contracts contracts) {
    this.contracts = contracts;
  }

  /** What was broken so far. */
  public List<String> violations() {
    return violations;
  }

  /** Every end so far, in the order of the store. */
  public List<EntryEvent.Ended> ends() {
    return ends;
  }

  /** Notes that something does not hold. */
  public void broken(String rule, Object detail) {
    violations.add(rule + ": " + detail);
  }

  private void require(boolean holds, String rule, Object detail) {
    if (!holds) {
      broken(rule, detail);
    }
  }

  /**
   * An event is stored.
   *
   * @param latestMillis the most that any clock may have shown by now
   */
  public void committed(Object event, long latestMillis) {
    if (event instanceof EntryEvent entry) {
      require(entry.fact().atMillis() <= latestMillis, "nothing from the future", event);
      entry(entry);
    } else if (event instanceof LeaseEvent lease) {
      require(lease.fact().atMillis() <= latestMillis, "nothing from the future", event);
      lease(lease);
    }
  }

  private void entry(EntryEvent event) {
    Life life = lives.computeIfAbsent(event.fact().id(), id -> new Life());
    Version version = event.fact().version();
    if (event instanceof EntryEvent.Created created) {
      require(
          life.ended && version.incarnation() > life.incarnation,
          "one life after the other",
          event);
      life.incarnation = version.incarnation();
      life.revision = 0;
      life.ended = false;
      life.deadlineMillis = created.expiresAtMillis();
      life.capMillis =
          Math.max(created.fact().atMillis(), created.validFromMillis())
              + contracts.of(event.fact().id().namespace()).lifetime().total().toMillis();
    }
    require(version.incarnation() == life.incarnation, "one incarnation at a time", event);
    boolean silent =
        event instanceof EntryEvent.Slid
            || event instanceof EntryEvent.Deferred
            || event instanceof EntryEvent.Noted
            || event instanceof EntryEvent.Purged;
    life.revision += silent ? 0 : 1;
    require(version.revision() == life.revision, "revisions without gap", event);
    life.versions.add(version);
    effect(event.fact().id(), event.fact().retryKey(), version, event);
    Value brought = event.brought();
    if (brought != null) {
      life.values.put(version, brought);
    }
    if (event instanceof EntryEvent.Ended ended) {
      ended(life, ended);
    } else if (event instanceof EntryEvent.Purged) {
      require(
          life.ended && event.fact().atMillis() >= life.purgeAtMillis, "tombstones stand", event);
      life.fence = 0;
    } else if (!(event instanceof EntryEvent.Noted)) {
      require(!life.ended, "nothing follows the end", event);
      life.deadlineMillis = deadline(event, life.deadlineMillis);
      require(life.deadlineMillis <= life.capMillis, "no life beyond its total", event);
    }
  }

  private void ended(Life life, EntryEvent.Ended ended) {
    require(!life.ended, "one terminal event per incarnation", ended);
    ends.add(ended);
    life.ended = true;
    life.purgeAtMillis = ended.purgeAtMillis();
    if (ended.reason() == EndReason.EXPIRED) {
      require(ended.endedAtMillis() == life.deadlineMillis, "deadlines never shift", ended);
      require(ended.fact().atMillis() >= life.deadlineMillis, "never early", ended);
    }
  }

  private static long deadline(EntryEvent event, long before) {
    if (event instanceof EntryEvent.Updated updated) {
      return updated.expiresAtMillis();
    }
    if (event instanceof EntryEvent.Renewed renewed) {
      return renewed.expiresAtMillis();
    }
    return event instanceof EntryEvent.Slid slid ? slid.expiresAtMillis() : before;
  }

  private void lease(LeaseEvent event) {
    long atMillis = event.fact().atMillis();
    Grants known = grants.computeIfAbsent(event.fact().id().text(), name -> new Grants());
    if (event instanceof LeaseEvent.Defined defined) {
      known.capacity = defined.capacity();
    } else if (event instanceof LeaseEvent.Granted granted) {
      require(granted.token() > known.highestToken, "fencing tokens grow", granted);
      known.highestToken = Math.max(known.highestToken, granted.token());
      known.standing.put(granted.leaseId(), granted);
      known.expiries.put(granted.leaseId(), granted.expiresAtMillis());
      int held =
          known.standing.values().stream()
              .filter(other -> known.expiries.getOrDefault(other.leaseId(), 0L) > atMillis)
              .mapToInt(LeaseEvent.Granted::permits)
              .sum();
      require(held <= known.capacity, "mutual exclusion", granted);
    } else if (event instanceof LeaseEvent.Renewed renewed) {
      require(known.standing.containsKey(renewed.leaseId()), "only what stands is renewed", event);
      known.expiries.put(renewed.leaseId(), renewed.expiresAtMillis());
    } else if (event instanceof LeaseEvent.Released released) {
      known.standing.remove(released.leaseId());
    } else if (event instanceof LeaseEvent.Expired expired) {
      require(
          atMillis >= known.expiries.getOrDefault(expired.leaseId(), 0L),
          "leases never end early",
          expired);
      known.standing.remove(expired.leaseId());
    } else if (event instanceof LeaseEvent.Purged) {
      known.standing.clear();
      known.capacity = 1;
    }
  }

  /**
   * A client was answered.
   *
   * @param calledMillis the true time at which it asked
   * @param errorMillis how wrong clocks were at most
   * @param stored whether what is acknowledged is in the store
   */
  public void answered(
      EntryId id,
      EntryCommand command,
      EntryReply reply,
      long calledMillis,
      long errorMillis,
      boolean stored) {
    if (reply instanceof EntryReply.Found found) {
      require(
          found.view().expiresAt().toEpochMilli() + errorMillis > calledMillis,
          "never readable late",
          reply);
    } else if (reply instanceof EntryReply.Accepted accepted) {
      Version version = accepted.receipt().version();
      Life life = lives.get(id);
      require(
          !stored || (life != null && life.versions.contains(version)),
          "an acknowledgement holds",
          id.text() + ' ' + reply);
      if (command instanceof EntryCommand.Mutating mutation) {
        effect(id, mutation.terms().retryKey(), version, accepted);
        condition(mutation.terms().precondition(), accepted);
      }
      if (life != null && command instanceof EntryCommand.Increment increment) {
        sum(life, increment, accepted);
      }
    }
  }

  private void condition(Precondition precondition, EntryReply.Accepted accepted) {
    Precondition.Tags named = precondition.ifMatch();
    Version version = accepted.receipt().version();
    require(
        named == null
            || named.any()
            || named.versions().stream()
                .anyMatch(
                    before ->
                        before.incarnation() == version.incarnation()
                            && version.revision() - before.revision() <= 1),
        "conditions hold",
        accepted);
  }

  private void sum(Life life, EntryCommand.Increment increment, EntryReply.Accepted accepted) {
    Version version = accepted.receipt().version();
    @Nullable Value before =
        version.revision() == 1
            ? increment.initial()
            : life.values.get(new Version(version.incarnation(), version.revision() - 1));
    @Nullable Value after = life.values.get(version);
    require(
        before == null
            || after == null
            || number(before).add(number(increment.by())).compareTo(number(after)) == 0,
        "an increment adds once",
        accepted);
  }

  private static BigDecimal number(Value value) {
    return new BigDecimal(JsonText.of(value));
  }

  private void effect(EntryId id, @Nullable RetryKey key, Version version, Object seen) {
    if (key != null) {
      Version first = effects.putIfAbsent(id.text() + ' ' + key.key(), version);
      require(first == null || first.equals(version), "one effect per idempotency key", seen);
    }
  }

  /** The highest version of a namespace's contract that was acknowledged, or 0. */
  public long agreed(String namespace) {
    return agreed.getOrDefault(namespace, 0L);
  }

  /**
   * A contract was acknowledged.
   *
   * @param known the highest version that had been acknowledged before it was sent
   */
  public void agreed(ContractDocument document, long known) {
    require(document.version() > known, "versions of contracts grow", document);
    agreed.merge(document.namespace(), document.version(), Math::max);
  }

  /** The highest fencing token that was accepted for an entry since it was last purged. */
  public long fence(EntryId id) {
    Life life = lives.get(id);
    return life == null ? 0 : life.fence;
  }

  /**
   * A fenced mutation was acknowledged.
   *
   * @param known the highest token that had been acknowledged before it was sent
   */
  public void fenced(EntryId id, long fence, long known) {
    Life life = lives.computeIfAbsent(id, any -> new Life());
    // A purge in between forgets the token, and then any may come.
    require(fence >= Math.min(known, life.fence), "no stale fence is accepted", id + " " + fence);
    life.fence = Math.max(life.fence, fence);
  }

  /** Whether the last event of an entry was its end, or there was none. */
  public boolean ended(EntryId id) {
    Life life = lives.get(id);
    return life == null || life.ended;
  }
}
