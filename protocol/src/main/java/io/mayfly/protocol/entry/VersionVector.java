package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.mayfly.protocol.WireMessage;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Per producer, the highest sequence seen (Parker et al., 1983). A producer that is not named has
 * the sequence 0.
 */
public final class VersionVector implements WireMessage {
  /** The most producers that the vector of one update may name; checked at the door. */
  public static final int PRODUCERS_MAX = 64;

  /** Nothing was seen. */
  public static final VersionVector EMPTY = new VersionVector(Map.of());

  /** Mayfly's own numbers stay below it. */
  private static final long SEQUENCE_LIMIT = 1L << 53;

  private static final Pattern PRODUCER = Pattern.compile("[a-z*][a-z0-9_.*-]{0,127}");

  private final SortedMap<String, Long> components;

  /**
   * A vector of sequences from 0 and below 2^53.
   *
   * @throws IllegalArgumentException when a producer is no key of a structured field (RFC 9651,
   *     3.1.2), or a sequence out of bounds
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public VersionVector(Map<String, Long> components) {
    SortedMap<String, Long> sorted = new TreeMap<>();
    components.forEach(
        (producer, sequence) -> {
          if (!PRODUCER.matcher(producer).matches() || sequence < 0 || sequence >= SEQUENCE_LIMIT) {
            throw new IllegalArgumentException(
                "version vector: " + producer + "=" + sequence + " (expected: producer=sequence)");
          }
          if (sequence > 0) {
            sorted.put(producer, sequence);
          }
        });
    this.components = Collections.unmodifiableSortedMap(sorted);
  }

  /** The sequences above 0, in the order of their producers. */
  @JsonValue
  public SortedMap<String, Long> components() {
    return components;
  }

  /** The sequence of a producer. */
  public long of(String producer) {
    return components.getOrDefault(producer, 0L);
  }

  /**
   * Whether everything that the other has seen was seen here too: equal vectors cover each other.
   */
  public boolean covers(VersionVector other) {
    return other.components.entrySet().stream()
        .allMatch(component -> of(component.getKey()) >= component.getValue());
  }

  /** What either has seen. */
  public VersionVector join(VersionVector other) {
    if (covers(other)) {
      return this;
    }
    Map<String, Long> joined = new TreeMap<>(components);
    other.components.forEach((producer, sequence) -> joined.merge(producer, sequence, Math::max));
    return new VersionVector(joined);
  }

  /** The vector as a dictionary of a structured field (RFC 9651, 3.2). */
  public String text() {
    return components.entrySet().stream()
        .map(component -> component.getKey() + '=' + component.getValue())
        .collect(Collectors.joining(", "));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VersionVector that && components.equals(that.components);
  }

  @Override
  public int hashCode() {
    return components.hashCode();
  }

  @Override
  public String toString() {
    return "VersionVector[" + text() + ']';
  }
}
