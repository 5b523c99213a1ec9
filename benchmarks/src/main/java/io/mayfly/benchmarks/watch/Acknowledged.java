package io.mayfly.benchmarks.watch;

import java.util.concurrent.atomic.AtomicLongArray;

/** When each revision of each key was acknowledged. Keys are numbered. */
final class Acknowledged {
  /** Of so many revisions of a key the times are kept. */
  private static final int REVISIONS = 1024;

  private final AtomicLongArray nanos;
  private final AtomicLongArray newest;

  Acknowledged(int keys) {
    nanos = new AtomicLongArray(keys * REVISIONS);
    newest = new AtomicLongArray(keys);
  }

  /** A revision is acknowledged now. */
  void note(int key, long revision) {
    nanos.set(slot(key, revision), System.nanoTime());
    newest.set(key, revision);
  }

  /** When a revision was acknowledged, or 0 when it is not yet. */
  long nanos(int key, long revision) {
    return nanos.get(slot(key, revision));
  }

  /** The last revision of a key that was acknowledged, or 0. */
  long newest(int key) {
    return newest.get(key);
  }

  private static int slot(int key, long revision) {
    return key * REVISIONS + (int) (revision % REVISIONS);
  }
}
