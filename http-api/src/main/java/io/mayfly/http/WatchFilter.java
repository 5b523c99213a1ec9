package io.mayfly.http;

import io.mayfly.protocol.entry.HistoryEvent.Kind;
import io.mayfly.protocol.feed.FeedEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a watcher wants to be told of.
 *
 * @param key the one key; absent for all with the prefix
 * @param prefix what keys begin with
 * @param kinds of events
 */
record WatchFilter(@Nullable String key, String prefix, Set<Kind> kinds) {
  boolean wants(FeedEvent event) {
    return kinds.contains(event.event().kind()) && wants(event.id().key());
  }

  boolean wants(String name) {
    return key == null ? name.startsWith(prefix) : name.equals(key);
  }
}
