package io.mayfly.actors.entry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of a key over its incarnations, with the values that a rollback can bring back.
 *
 * <p>Invariant: at most as many chapters as the newest event's contract keeps, and old values of at
 * most {@link #VALUE_BYTES_MAX} together. Of two limits the tighter one drops the oldest.
 */
final class Story {
  /** The most bytes of old values that one key keeps. */
  static final int VALUE_BYTES_MAX = 4 << 20;

  static final Story EMPTY = new Story(List.of());

  private final List<Chapter> chapters;

  /** The bytes of all values, so that a new one need not look at each of the old. */
  private final long bytes;

  /** The story of these events, oldest first. */
  @JsonCreator
  Story(@JsonProperty("chapters") List<Chapter> chapters) {
    this(chapters, chapters.stream().mapToLong(Chapter::size).sum());
  }

  private Story(List<Chapter> chapters, long bytes) {
    this.chapters = chapters;
    this.bytes = bytes;
  }

  @JsonProperty("chapters")
  List<Chapter> chapters() {
    return chapters;
  }

  /** One event, and the value after it; absent once the value is forgotten. */
  record Chapter(HistoryEvent event, @Nullable Value value) {
    private int size() {
      return value == null ? 0 : value.size();
    }

    private Chapter withoutValue() {
      return value == null ? this : new Chapter(event, null);
    }
  }

  /** The story with one more event, cut to the newest {@code keep}. */
  Story with(HistoryEvent event, @Nullable Value value, int keep) {
    int from = Math.max(0, chapters.size() + 1 - Math.max(1, keep));
    Chapter newest = new Chapter(event, value);
    long sum = bytes + newest.size();
    for (Chapter dropped : chapters.subList(0, from)) {
      sum -= dropped.size();
    }
    List<Chapter> kept = new ArrayList<>(chapters.size() + 1 - from);
    kept.addAll(chapters.subList(from, chapters.size()));
    kept.add(newest);
    return sum > VALUE_BYTES_MAX ? bounded(kept) : new Story(List.copyOf(kept), sum);
  }

  /** The story without values: what remains readable of an ended incarnation. */
  Story withoutValues() {
    return new Story(chapters.stream().map(Chapter::withoutValue).toList());
  }

  /** The value at a revision, while it is kept. */
  Optional<Chapter> at(Version version) {
    return chapters.stream()
        .filter(chapter -> chapter.value() != null && chapter.event().version().equals(version))
        .findFirst();
  }

  List<HistoryEvent> newest(int limit) {
    return chapters.stream()
        .skip(Math.max(0, chapters.size() - limit))
        .map(Chapter::event)
        .toList();
  }

  private static Story bounded(List<Chapter> chapters) {
    long bytes = 0;
    for (int i = chapters.size() - 1; i >= 0; i--) {
      bytes += chapters.get(i).size();
      if (bytes > VALUE_BYTES_MAX && i < chapters.size() - 1) {
        chapters.set(i, chapters.get(i).withoutValue());
      }
    }
    return new Story(List.copyOf(chapters));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Story that && chapters.equals(that.chapters);
  }

  @Override
  public int hashCode() {
    return chapters.hashCode();
  }

  @Override
  public String toString() {
    return "Story" + chapters;
  }
}
