package io.mayfly.persistence.rocksdb;

import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.FeedEvent;
import io.mayfly.protocol.feed.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Hands committed events to those who listen to their tag. Costs nothing while nobody does. */
final class FeedTaps {
  private final Map<String, Set<Consumer<List<Fed>>>> byTag = new ConcurrentHashMap<>();
  private volatile long end;

  /** An event with a tag that waits for its commit. */
  record Tagged(String tag, long ordering, Object payload) {}

  FeedTaps(long end) {
    this.end = end;
  }

  /** The newest ordering that is committed. */
  long end() {
    return end;
  }

  /** Until closed, hands over the events of a tag. */
  AutoCloseable listen(String tag, Consumer<List<Fed>> listener) {
    byTag.compute(
        tag,
        (name, known) -> {
          Set<Consumer<List<Fed>>> set = known == null ? ConcurrentHashMap.newKeySet() : known;
          set.add(listener);
          return set;
        });
    return () ->
        byTag.computeIfPresent(
            tag,
            (name, known) -> {
              known.remove(listener);
              return known.isEmpty() ? null : known;
            });
  }

  /** Takes note of a commit. The end moves first: who listens afterwards need not be told. */
  void committed(long last, List<Tagged> events) {
    end = last;
    if (byTag.isEmpty()) {
      return;
    }
    Map<String, List<Fed>> told = new HashMap<>();
    for (Tagged event : events) {
      if (byTag.containsKey(event.tag()) && event.payload() instanceof Told payload) {
        FeedEvent shown = payload.feedEvent();
        if (shown != null) {
          told.computeIfAbsent(event.tag(), tag -> new ArrayList<>())
              .add(new Fed(event.ordering(), shown));
        }
      }
    }
    told.forEach((tag, feds) -> byTag.getOrDefault(tag, Set.of()).forEach(tap -> tap.accept(feds)));
  }
}
