package io.mayfly.actors.journal;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.persistence.PersistentRepr;

/**
 * What the journal told so far of one key.
 *
 * <p>A key that has its first event needs no snapshot, nor does one that has no events at all; so
 * the snapshot store is asked only about the others.
 */
final class Recovery {
  final long beganNanos = System.nanoTime();
  final List<PersistentRepr> events = new ArrayList<>(1);
  long head;

  /** Whether a snapshot may stand for events that are no longer there. */
  boolean wantsSnapshot() {
    return head > 0 && (events.isEmpty() || events.get(0).sequenceNr() > 1);
  }
}
