package io.mayfly.actors.lease;

import io.mayfly.actors.log.KeyLog;
import io.mayfly.actors.log.KeyLog.Change;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the log tells of the events of a resource. */
final class LeaseLog {
  private LeaseLog() {}

  /** Events happened. */
  static void changed(KeyLog log, List<LeaseEvent> events) {
    for (LeaseEvent event : events) {
      LeaseHistoryEvent line = event.line();
      if (line != null) {
        log.changed(change(line));
      }
    }
  }

  /** The first change among events; absent when there is none. */
  static @Nullable Change first(List<LeaseEvent> events) {
    for (LeaseEvent event : events) {
      LeaseHistoryEvent line = event.line();
      if (line != null) {
        return change(line);
      }
    }
    return null;
  }

  private static Change change(LeaseHistoryEvent line) {
    return new Change(line.kind().text(), null, null, line.origin());
  }
}
