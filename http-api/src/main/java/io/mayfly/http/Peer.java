package io.mayfly.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The client at the other end of a connection, and who wants to know when it goes away. A client
 * that only shuts its sending side down counts as gone: the two cannot be told apart.
 */
final class Peer {
  private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
  private volatile boolean gone;

  /** Runs the watcher once the peer is gone, at once when it is already. */
  void watch(Runnable watcher) {
    watchers.add(watcher);
    if (gone) {
      notice(watcher);
    }
  }

  /** Forgets a watcher, so that a long connection does not pile them up. */
  void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  /** The peer went away. */
  void leave() {
    gone = true;
    watchers.forEach(this::notice);
  }

  private void notice(Runnable watcher) {
    if (watchers.remove(watcher)) {
      watcher.run();
    }
  }
}
