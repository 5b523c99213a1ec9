package io.mayfly.persistence.rocksdb;

import java.util.HashSet;
import java.util.Set;

/**
 * The persistence ids whose events were deleted or purged since these were last cleared. What was
 * read of another id before still stands. Confined to the journal's thread.
 */
final class Deletions {
  private static final int IDS_MAX = 10_000;

  private final Set<String> ids = new HashSet<>();
  private boolean tooMany;

  /** Takes note that events of an id are deleted. */
  void note(String id) {
    if (ids.size() < IDS_MAX) {
      ids.add(id);
    } else {
      tooMany = true;
    }
  }

  /** Whether events of the id may have been deleted. */
  boolean mayConcern(String id) {
    return tooMany || ids.contains(id);
  }

  void clear() {
    ids.clear();
    tooMany = false;
  }
}
