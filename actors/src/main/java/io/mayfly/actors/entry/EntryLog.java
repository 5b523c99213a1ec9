package io.mayfly.actors.entry;

import io.mayfly.actors.log.KeyLog;
import io.mayfly.actors.log.KeyLog.Change;
import io.mayfly.protocol.entry.HistoryEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the log tells of the events of an entry. */
final class EntryLog {
  private EntryLog() {}

  /** Events happened. */
  static void changed(KeyLog log, List<EntryEvent> events) {
    for (EntryEvent event : events) {
      HistoryEvent line = event.line();
      if (line != null) {
        log.changed(change(line));
      }
    }
  }

  /** The first change among events; absent when there is none. */
  static @Nullable Change first(List<EntryEvent> events) {
    for (EntryEvent event : events) {
      HistoryEvent line = event.line();
      if (line != null) {
        return change(line);
      }
    }
    return null;
  }

  private static Change change(HistoryEvent line) {
    return new Change(
        line.kind().text(),
        line.version(),
        line.reason() == null ? null : line.reason().text(),
        line.origin());
  }
}
