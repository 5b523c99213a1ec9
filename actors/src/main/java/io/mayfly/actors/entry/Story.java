package io.mayfly.actors.entry;

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
record Story(List<Chapter> chapters) {
  /** The most bytes of old values that one key keeps. */
  static final int VALUE_BYTES_MAX = 4 << 20;

  static final Story EMPTY = new Story(List.of());

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
    List<Chapter> kept = new ArrayList<>(chapters.size() + 1 - from);
    kept.addAll(chapters.subList(from, chapters.size()));
    kept.add(new Chapter(event, value));
    return new Story(List.copyOf(bounded(kept)));
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

  private static List<Chapter> bounded(List<Chapter> chapters) {
    long bytes = 0;
    for (int i = chapters.size() - 1; i >= 0; i--) {
      bytes += chapters.get(i).size();
      if (bytes > VALUE_BYTES_MAX && i < chapters.size() - 1) {
        chapters.set(i, chapters.get(i).withoutValue());
      }
    }
    return chapters;
  }
}
