package io.mayfly.actors.lease;

import io.mayfly.actors.log.KeyLog.Change;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import org.jspecify.annotations.Nullable;

/** What the log tells of the events of a resource. */
final class LeaseLog {
  private LeaseLog() {}

  /** What the log tells of an event; absent when it is silent. */
  static @Nullable Change change(LeaseEvent event) {
    LeaseHistoryEvent line = event.line();
    return line == null ? null : new Change(line.kind().text(), null, null, line.origin());
  }
}
