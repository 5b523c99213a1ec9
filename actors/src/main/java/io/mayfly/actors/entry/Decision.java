package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Value;
import java.util.ArrayList;
import java.util.List;

/** What a state decided: the events to persist, and the reply once they are. */
public record Decision(List<EntryEvent> events, EntryReply reply) {
  static Decision of(EntryEvent event, EntryReply reply) {
    return new Decision(List.of(event), reply);
  }

  /** Nothing happens but the reply. */
  static Decision answer(EntryReply reply) {
    return new Decision(List.of(), reply);
  }

  /** The same decision about a value that was merged with others. */
  Decision withOwn(Value own) {
    return new Decision(
        events.stream()
            .map(
                event -> event instanceof EntryEvent.Updated updated ? updated.withOwn(own) : event)
            .toList(),
        reply);
  }

  /** The same decision with another reply. */
  Decision with(EntryReply other) {
    return new Decision(events, other);
  }

  /** The same decision with an event after its own. */
  Decision and(EntryEvent last) {
    List<EntryEvent> all = new ArrayList<>(events.size() + 1);
    all.addAll(events);
    all.add(last);
    return new Decision(List.copyOf(all), reply);
  }

  /** The same decision with an event before its own. */
  Decision after(EntryEvent first) {
    List<EntryEvent> all = new ArrayList<>(events.size() + 1);
    all.add(first);
    all.addAll(events);
    return new Decision(List.copyOf(all), reply);
  }
}
