package io.mayfly.actors.entry;

import io.mayfly.actors.log.KeyLog.Change;
import io.mayfly.protocol.entry.HistoryEvent;
import org.jspecify.annotations.Nullable;

/** What the log tells of the events of an entry. */
final class EntryLog {
  private EntryLog() {}

  /** What the log tells of an event; absent when it is silent. */
  static @Nullable Change change(EntryEvent event) {
    HistoryEvent line = event.line();
    return line == null
        ? null
        : new Change(
            line.kind().text(),
            line.version(),
            line.reason() == null ? null : line.reason().text(),
            line.origin());
  }
}
