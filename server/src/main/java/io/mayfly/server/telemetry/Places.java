package io.mayfly.server.telemetry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * The namespaces that have instruments of their own, and those of all others together. The first
 * that are used have a place until busier ones take it; the series of who loses its place end.
 */
final class Places {
  /** The namespaces without instruments of their own. */
  private static final String OTHER = "other";

  /** The names that are followed without a place, for each place that there is. */
  private static final int FOLLOWED_PER_PLACE = 4;

  private final Instruments instruments;
  private final int placesMax;
  private final long windowNanos;
  private final OfNamespace other;
  private final Map<String, OfNamespace> byNamespace = new ConcurrentHashMap<>();
  private final ReentrantLock ofBusiest = new ReentrantLock();
  private final Busiest busiest;
  private List<OfNamespace> ending = List.of();
  private long turnedNanos;

  /**
   * All places are free.
   *
   * @param windowNanos how long uses are counted before it is looked who is busier
   * @param nowNanos when the first window begins
   */
  Places(Instruments instruments, int placesMax, long windowNanos, long nowNanos) {
    this.instruments = instruments;
    this.placesMax = placesMax;
    this.windowNanos = windowNanos;
    this.turnedNanos = nowNanos;
    this.other = new OfNamespace(OTHER, instruments);
    this.busiest = new Busiest(FOLLOWED_PER_PLACE * placesMax);
  }

  /**
   * The instruments that count a use of a namespace. Whether one without a place deserves one is
   * noted unless that would take a wait: the busiest lose no more by that than others.
   */
  OfNamespace of(String namespace) {
    OfNamespace of = shown(namespace);
    if (of != other) {
      of.uses.increment();
    } else if (ofBusiest.tryLock()) {
      try {
        busiest.used(namespace);
      } finally {
        ofBusiest.unlock();
      }
    }
    return of;
  }

  /** The instruments that show a namespace; it takes a place while there are free ones. */
  private OfNamespace shown(String namespace) {
    OfNamespace known = byNamespace.get(namespace);
    if (known != null) {
      return known;
    }
    return byNamespace.size() < placesMax
        ? byNamespace.computeIfAbsent(namespace, name -> new OfNamespace(name, instruments))
        : other;
  }

  /** Sets a gauge of every namespace; those without a place are added up. */
  void show(Map<String, Long> values, BiConsumer<OfNamespace, Long> set) {
    long sum = 0;
    for (Map.Entry<String, Long> value : values.entrySet()) {
      OfNamespace of = shown(value.getKey());
      if (of == other) {
        sum += value.getValue();
      } else {
        set.accept(of, value.getValue());
      }
    }
    set.accept(other, sum);
    byNamespace.forEach(
        (name, of) -> {
          if (!values.containsKey(name)) {
            set.accept(of, 0L);
          }
        });
  }

  /** Sets a gauge of those that have a place. */
  void showPlaced(Map<String, Long> values, BiConsumer<OfNamespace, Long> set) {
    values.keySet().forEach(this::shown);
    byNamespace.forEach((name, of) -> set.accept(of, values.getOrDefault(name, 0L)));
  }

  /**
   * Gives places to the namespaces that are busiest, once in a window; to be called every second,
   * by one thread at a time. Who lost its place a call before is counted by nobody any more, and
   * its series end.
   */
  void turn(long nowNanos) {
    ending.forEach(OfNamespace::end);
    ending = List.of();
    if (nowNanos - turnedNanos < windowNanos) {
      return;
    }
    turnedNanos = nowNanos;
    List<OfNamespace> lost = new ArrayList<>();
    for (Busiest.Turn turn : turns()) {
      byNamespace.put(turn.in(), new OfNamespace(turn.in(), instruments));
      OfNamespace out = byNamespace.remove(turn.out());
      if (out != null) {
        lost.add(out);
      }
    }
    ending = lost;
  }

  private List<Busiest.Turn> turns() {
    Map<String, Long> uses = new HashMap<>();
    byNamespace.forEach((name, of) -> uses.put(name, of.uses.sumThenReset()));
    ofBusiest.lock();
    try {
      return busiest.turn(uses);
    } finally {
      ofBusiest.unlock();
    }
  }
}
