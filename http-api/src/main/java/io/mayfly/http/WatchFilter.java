package io.mayfly.http;

import io.mayfly.protocol.feed.FeedEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a watcher wants to be told of.
 *
 * @param name the one key or resource; absent for all with the prefix
 * @param prefix what names begin with
 * @param kinds the words of what is told
 */
record WatchFilter(@Nullable String name, String prefix, Set<String> kinds) {
  boolean wants(FeedEvent event) {
    return kinds.contains(event.kind()) && wants(event.name());
  }

  boolean wants(String other) {
    return name == null ? other.startsWith(prefix) : other.equals(name);
  }
}
