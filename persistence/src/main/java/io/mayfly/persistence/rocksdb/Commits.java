package io.mayfly.persistence.rocksdb;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Tells live queries that something was committed. Costs nothing while nobody listens. */
final class Commits {
  private final Map<String, Set<Runnable>> byTag = new ConcurrentHashMap<>();
  private final Map<String, Set<Runnable>> byPersistenceId = new ConcurrentHashMap<>();
  private final Set<Consumer<Set<String>>> all = ConcurrentHashMap.newKeySet();

  /** Until closed, runs the listener at commits of events with the tag. */
  AutoCloseable onTag(String tag, Runnable listener) {
    return listen(byTag, tag, listener);
  }

  /** Until closed, runs the listener at commits of events of the persistence id. */
  AutoCloseable onPersistenceId(String persistenceId, Runnable listener) {
    return listen(byPersistenceId, persistenceId, listener);
  }

  /** Until closed, runs the listener at each commit that creates persistence ids. */
  AutoCloseable onNewPersistenceIds(Consumer<Set<String>> listener) {
    all.add(listener);
    return () -> all.remove(listener);
  }

  boolean wantsNewPersistenceIds() {
    return !all.isEmpty();
  }

  void committed(Set<String> tags, Set<String> persistenceIds) {
    announce(byTag, tags);
    announce(byPersistenceId, persistenceIds);
  }

  void created(Set<String> persistenceIds) {
    all.forEach(listener -> listener.accept(persistenceIds));
  }

  private static AutoCloseable listen(
      Map<String, Set<Runnable>> listeners, String name, Runnable listener) {
    listeners.compute(
        name,
        (key, known) -> {
          Set<Runnable> set = known == null ? ConcurrentHashMap.newKeySet() : known;
          set.add(listener);
          return set;
        });
    return () ->
        listeners.computeIfPresent(
            name,
            (key, known) -> {
              known.remove(listener);
              return known.isEmpty() ? null : known;
            });
  }

  private static void announce(Map<String, Set<Runnable>> listeners, Set<String> names) {
    if (listeners.isEmpty()) {
      return;
    }
    for (String name : names) {
      Set<Runnable> interested = listeners.get(name);
      if (interested != null) {
        interested.forEach(Runnable::run);
      }
    }
  }
}
