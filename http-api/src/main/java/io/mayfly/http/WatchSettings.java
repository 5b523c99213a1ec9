package io.mayfly.http;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The bounds of watching, from {@code mayfly.http.watch}.
 *
 * @param watchersMax the most watchers of the node
 * @param gather how long news are gathered before watchers are told
 * @param bufferEvents the most events of a namespace that are held for all its watchers
 * @param bufferBytes the most bytes of them
 * @param linger how long they are held after the last watcher has gone
 * @param heartbeat the longest silence of a stream
 * @param patience how long a watcher may take nothing
 */
record WatchSettings(
    int watchersMax,
    Duration gather,
    int bufferEvents,
    long bufferBytes,
    Duration linger,
    Duration heartbeat,
    Duration patience) {
  static WatchSettings from(Config watch) {
    return new WatchSettings(
        watch.getInt("watchers-max"),
        watch.getDuration("gather"),
        watch.getInt("buffer-events"),
        watch.getBytes("buffer-bytes"),
        watch.getDuration("linger"),
        watch.getDuration("heartbeat"),
        watch.getDuration("patience"));
  }
}
