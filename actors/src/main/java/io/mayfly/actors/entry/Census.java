package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How many entries of each namespace have not ended on this node, and what happens when a namespace
 * holds as many as its contract allows.
 *
 * <p>Invariant: a creation is counted before it is written, and an end when it is decided, so that
 * no interleaving of creations exceeds the limit of a namespace whose entries are stored.
 */
public final class Census {
  private final Map<String, Long> counts;
  private final ObjLongConsumer<String> evict;
  private final BooleanSupplier roomy;

  /**
   * A census that begins with what is stored.
   *
   * @param stored the entries of each namespace that have not ended
   * @param evict ends so many entries of a volatile namespace, those that end soonest
   */
  public Census(Map<String, Long> stored, ObjLongConsumer<String> evict) {
    this(stored, evict, () -> true);
  }

  /**
   * A census on a node whose memory may run low.
   *
   * @param roomy whether the memory takes something new
   */
  public Census(Map<String, Long> stored, ObjLongConsumer<String> evict, BooleanSupplier roomy) {
    this.counts = new ConcurrentHashMap<>(stored);
    this.evict = evict;
    this.roomy = roomy;
  }

  /** The entries of the namespace that have not ended. */
  public long of(String namespace) {
    return counts.getOrDefault(namespace, 0L);
  }

  /** The entries of each namespace that has any. */
  public Map<String, Long> all() {
    return Map.copyOf(counts);
  }

  /**
   * Counts what a decision begins and ends. Where the namespace or the memory is full, the creation
   * is refused, or the volatile entries that end soonest make room.
   */
  Decision count(Decision decision, Situation situation) {
    List<EntryEvent> events = decision.events();
    for (int i = 0; i < events.size(); i++) {
      EntryEvent event = events.get(i);
      if (event instanceof EntryEvent.Ended) {
        leave(situation.id().namespace());
      } else if (event instanceof EntryEvent.Created) {
        EntryReply refusal = refusal(situation);
        if (refusal != null) {
          return new Decision(List.copyOf(events.subList(0, i)), refusal);
        }
      }
    }
    return decision;
  }

  /** Why a creation may not be; absent when it is counted in. */
  private @Nullable EntryReply refusal(Situation situation) {
    String namespace = situation.id().namespace();
    long limit = situation.contract().limits().keys();
    boolean evicts = limit != 0 && situation.contract().durability() == Durability.VOLATILE;
    if (!evicts) {
      if (!roomy.getAsBoolean()) {
        return Refusal.of(Refusal.Reason.MEMORY_LOW);
      }
      return enter(namespace, limit == 0 ? Long.MAX_VALUE : limit) ? null : Refusals.full(limit);
    }
    long others = of(namespace);
    if (others == 0 && !roomy.getAsBoolean()) {
      return Refusal.of(Refusal.Reason.MEMORY_LOW);
    }
    enter(namespace, Long.MAX_VALUE);
    long surplus = of(namespace) - (roomy.getAsBoolean() ? limit : Math.min(limit, others));
    if (surplus > 0) {
      evict.accept(namespace, surplus);
    }
    return null;
  }

  private boolean enter(String namespace, long limit) {
    while (true) {
      @Nullable Long count = counts.get(namespace);
      if (count == null) {
        if (counts.putIfAbsent(namespace, 1L) == null) {
          return true;
        }
      } else if (count >= limit) {
        return false;
      } else if (counts.replace(namespace, count, count + 1)) {
        return true;
      }
    }
  }

  /** Counts one entry out. */
  void leave(String namespace) {
    counts.computeIfPresent(namespace, (name, count) -> count > 1 ? count - 1 : null);
  }
}
