package io.mayfly.sharding;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.pressure.Fill;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The commands that clients have under way through this node, and whether one more may join them
 * under its namespace's contract. A command is under way until its actor answers, also when its
 * caller waits no longer: so what is counted is what waits in mailboxes and in the stashes of keys
 * that write. What the house itself sends is not counted.
 */
final class Underway {
  /** What stands for a count when there is no room. */
  static final int FULL = -1;

  private static final Duration RETRY = Duration.ofMillis(100);
  private static final long CROWDED_NANOS = Duration.ofSeconds(1).toNanos();

  private final Map<String, Integer> byNamespace = new ConcurrentHashMap<>();
  private final Map<Object, Integer> byKey = new ConcurrentHashMap<>();
  private final Map<String, Rate> rates = new ConcurrentHashMap<>();
  private final Map<Retry, String> retries = new ConcurrentHashMap<>();

  private volatile long crowdedUntilNanos;
  private volatile boolean crowded;

  private record Retry(Object name, String key) {}

  /** Counts a command in, or says why it may not join; then nothing is counted. */
  @Nullable Refusal join(EntryId id, EntryCommand command, Contract contract, long nowNanos) {
    RetryKey retryKey = retryKey(command);
    Refusal refusal = begin(id, retryKey);
    if (refusal != null) {
      return refusal;
    }
    refusal = join(id.namespace(), id, contract.limits(), nowNanos);
    if (refusal != null) {
      finish(id, retryKey);
    }
    return refusal;
  }

  /**
   * Notes that the request under an idempotency key runs, or says that the first one under it still
   * does.
   *
   * @param name what the request is sent to
   * @param retryKey absent when the request has none; then there is nothing to note
   */
  @Nullable Refusal begin(Object name, @Nullable RetryKey retryKey) {
    if (retryKey == null) {
      return null;
    }
    String first = retries.putIfAbsent(new Retry(name, retryKey.key()), retryKey.fingerprint());
    if (first == null) {
      return null;
    }
    return first.equals(retryKey.fingerprint())
        ? Refusal.later(Reason.IDEMPOTENCY_IN_PROGRESS, RETRY)
        : Refusal.of(Reason.IDEMPOTENCY_MISMATCH);
  }

  /** Notes that a request that had begun is over. */
  void finish(Object name, @Nullable RetryKey retryKey) {
    if (retryKey != null) {
      retries.remove(new Retry(name, retryKey.key()));
    }
  }

  /** Counts a command to anything that has a name in a namespace in, or says why it may not. */
  @Nullable Refusal join(String namespace, Object key, Limits limits, long nowNanos) {
    int ofNamespace = enter(byNamespace, namespace, limits.inFlight());
    if (ofNamespace == FULL) {
      return full(Reason.NAMESPACE_OVERLOADED, limits.inFlight());
    }
    int ofKey = enter(byKey, key, limits.queuePerKey());
    if (ofKey == FULL) {
      leave(byNamespace, namespace);
      return full(Reason.KEY_OVERLOADED, limits.queuePerKey());
    }
    long waitNanos =
        limits.ratePerSecond() == 0 ? 0 : rate(namespace, limits, nowNanos).waitNanos(nowNanos);
    if (waitNanos > 0) {
      leave(namespace, key);
      int perSecond = limits.ratePerSecond();
      return Refusal.full(
          Reason.RATE_EXCEEDED, new Fill(perSecond, perSecond), Duration.ofNanos(waitNanos));
    }
    if (2 * ofNamespace > limits.inFlight() || 2 * ofKey > limits.queuePerKey()) {
      crowdedUntilNanos = nowNanos + CROWDED_NANOS;
      crowded = true;
    }
    return null;
  }

  private static Refusal full(Reason reason, int limit) {
    return Refusal.full(reason, new Fill(limit, limit), RETRY);
  }

  /** Whether a queue was more than half full within the last second. */
  boolean crowded(long nowNanos) {
    return crowded && crowdedUntilNanos - nowNanos > 0;
  }

  /** How many commands to a namespace are under way. */
  int depth(String namespace) {
    return byNamespace.getOrDefault(namespace, 0);
  }

  /** How many commands to a key or a resource are under way. */
  int depthOf(Object key) {
    return byKey.getOrDefault(key, 0);
  }

  /** The namespaces with commands under way. */
  Set<String> namespaces() {
    return byNamespace.keySet();
  }

  /** The keys and resources with commands under way. */
  Set<Object> keys() {
    return byKey.keySet();
  }

  /** Counts a command out that had joined. */
  void leave(EntryId id, EntryCommand command) {
    leave(id.namespace(), (Object) id);
    finish(id, retryKey(command));
  }

  /** Counts a command out that had joined under this name. */
  void leave(String namespace, Object key) {
    leave(byNamespace, namespace);
    leave(byKey, key);
  }

  /** The namespaces with a rate are those of contracts, so that their number is bounded. */
  private Rate rate(String namespace, Limits limits, long nowNanos) {
    Rate rate = rates.get(namespace);
    if (rate == null || rate.perSecond() != limits.ratePerSecond()) {
      rate = new Rate(limits.ratePerSecond(), nowNanos);
      rates.put(namespace, rate);
    }
    return rate;
  }

  private static @Nullable RetryKey retryKey(EntryCommand command) {
    return command instanceof EntryCommand.Mutating mutation ? mutation.terms().retryKey() : null;
  }

  /** The count with one more in it, or {@link #FULL}; then nothing is counted. */
  static <K> int enter(Map<K, Integer> counts, K key, int limit) {
    int count = counts.merge(key, 1, Integer::sum);
    if (count > limit) {
      leave(counts, key);
      return FULL;
    }
    return count;
  }

  static <K> void leave(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (any, count) -> count > 1 ? count - 1 : null);
  }
}
