package io.mayfly.persistence.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All persistence ids in the order of their bytes, then, when live, new ones as they appear. An id
 * that appears while the query starts, or while it falls far behind, may be named twice.
 */
final class PersistenceIds implements Pages<Optional<String>, String> {
  private static final int FRESH_MAX = 10_000;

  private final QuerySource source;
  private final boolean live;
  private final Set<String> fresh = new LinkedHashSet<>();
  private boolean overflown;

  PersistenceIds(QuerySource source, boolean live) {
    this.source = source;
    this.live = live;
  }

  @Override
  public Optional<String> start() {
    return Optional.of("");
  }

  /** Reads ids after the given one, or, without one, those that appeared. */
  @Override
  public Page<Optional<String>, String> read(Optional<String> after) {
    return after.isPresent() ? scan(after.get()) : appeared();
  }

  @Override
  public AutoCloseable subscribe(Runnable listener) {
    if (!live) {
      return () -> {};
    }
    return source
        .commits()
        .onNewPersistenceIds(
            ids -> {
              add(ids);
              listener.run();
            });
  }

  private Page<Optional<String>, String> scan(String after) {
    List<String> ids = new ArrayList<>();
    byte[] start = Keys.eventHead(after);
    source
        .database()
        .scan(
            Column.HEADS,
            after.isEmpty() ? start : Arrays.copyOf(start, start.length + 1),
            Keys.eventHeadsEnd(),
            (key, value) -> {
              ids.add(new String(key, 1, key.length - 1, StandardCharsets.UTF_8));
              return ids.size() < source.pageSize();
            });
    forget(ids);
    if (ids.size() == source.pageSize()) {
      return new Page<>(ids, Optional.of(ids.get(ids.size() - 1)), Rest.MORE);
    }
    return new Page<>(ids, Optional.empty(), live ? Rest.MORE : Rest.COMPLETE);
  }

  private synchronized Page<Optional<String>, String> appeared() {
    if (overflown) {
      overflown = false;
      fresh.clear();
      return new Page<>(List.of(), start(), Rest.MORE);
    }
    List<String> ids = new ArrayList<>();
    Iterator<String> iterator = fresh.iterator();
    while (iterator.hasNext() && ids.size() < source.pageSize()) {
      ids.add(iterator.next());
      iterator.remove();
    }
    return new Page<>(ids, Optional.empty(), fresh.isEmpty() ? Rest.CAUGHT_UP : Rest.MORE);
  }

  private synchronized void add(Set<String> ids) {
    if (fresh.size() + ids.size() > FRESH_MAX) {
      overflown = true;
    } else {
      fresh.addAll(ids);
    }
  }

  private synchronized void forget(List<String> ids) {
    ids.forEach(fresh::remove);
  }
}
