package io.mayfly.http;

import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The channels of a node, one for each topic that is watched, and the one clock of all its
 * watchers: it tells them of news, lets them break their silence, and sends them away when the node
 * drains.
 */
final class WatchChannels {
  private static final Duration TICK = Duration.ofMillis(500);

  private final Feeds feeds;
  private final Health health;
  private final WatchSettings settings;
  private final Clock clock;
  private final Reporting reporting;
  private final Runnable stopTicking;
  private final Map<WatchTopic, WatchChannel> channels = new ConcurrentHashMap<>();
  private final Set<WatchSource.Watcher> watchers = ConcurrentHashMap.newKeySet();

  WatchChannels(
      Clock clock, Feeds feeds, Health health, WatchSettings settings, Reporting reporting) {
    this.reporting = reporting;
    this.feeds = feeds;
    this.health = health;
    this.settings = settings;
    this.clock = clock;
    this.stopTicking = clock.every(TICK, this::tick);
  }

  /**
   * Where watching is counted.
   *
   * @param now tells how late a watcher is told
   */
  record Reporting(Telemetry telemetry, InstantSource now) {}

  /** Runs things later. */
  interface Clock {
    /** Once, after a while. */
    void after(Duration delay, Runnable task);

    /** Again and again, until what it returns is run. */
    Runnable every(Duration interval, Runnable task);

    /** The clock of an actor system. */
    static Clock of(ActorSystem<?> system) {
      var scheduler = system.scheduler();
      var executor = system.executionContext();
      return new Clock() {
        @Override
        public void after(Duration delay, Runnable task) {
          scheduler.scheduleOnce(delay, task, executor);
        }

        @Override
        public Runnable every(Duration interval, Runnable task) {
          return scheduler.scheduleWithFixedDelay(interval, interval, task, executor)::cancel;
        }
      };
    }
  }

  /** Whether one more may watch. */
  boolean room() {
    return watchers.size() < settings.watchersMax();
  }

  /** The channel of a topic, for somebody who will {@link #leave} it. */
  WatchChannel enter(WatchTopic topic) {
    WatchChannel[] entered = new WatchChannel[1];
    channels.compute(
        topic,
        (same, known) -> {
          String series = topic.subject().feed(feeds).series(topic.namespace());
          if (known != null && !known.series().equals(series)) {
            known.close();
            known = null;
          }
          entered[0] = known == null ? open(topic) : known;
          entered[0].enter();
          return entered[0];
        });
    return entered[0];
  }

  private WatchChannel open(WatchTopic topic) {
    WatchChannel[] opened = new WatchChannel[1];
    opened[0] =
        new WatchChannel(
            topic.subject().feed(feeds),
            topic.namespace(),
            settings,
            () -> clock.after(settings.gather(), () -> opened[0].tell()));
    return opened[0];
  }

  /** A watcher is told of what happened until this instant. */
  void told(String namespace, Instant happenedAt) {
    reporting
        .telemetry()
        .watchLag(namespace, Duration.between(happenedAt, reporting.now().instant()));
  }

  /** A watcher begins to be looked after. */
  void add(WatchSource.Watcher watcher) {
    watchers.add(watcher);
  }

  /** A watcher has gone. */
  void leave(WatchSource.Watcher watcher, WatchChannel channel) {
    watchers.remove(watcher);
    channel.forget(watcher);
    leave(channel);
  }

  /** Somebody who entered a channel needs it no more. */
  void leave(WatchChannel channel) {
    channel.leave(System.nanoTime());
  }

  /** Sends all watchers away, and listens to nothing any more. */
  void close() {
    stopTicking.run();
    watchers.forEach(WatchSource.Watcher::sendAway);
    channels.values().forEach(WatchChannel::close);
    channels.clear();
  }

  private void tick() {
    long nowNanos = System.nanoTime();
    boolean draining = !health.ready();
    reporting.telemetry().watchers(watchers.size());
    for (WatchSource.Watcher watcher : watchers) {
      if (draining) {
        watcher.sendAway();
      } else if (watcher.due(nowNanos)) {
        watcher.beat();
      }
    }
    for (WatchTopic topic : List.copyOf(channels.keySet())) {
      channels.computeIfPresent(
          topic,
          (same, channel) -> {
            if (!channel.idle(nowNanos)) {
              return channel;
            }
            channel.close();
            return null;
          });
    }
  }
}
