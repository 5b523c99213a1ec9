package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.multinode.traffic.Watcher;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watchers that resume after SIGKILL see every event once and in order. */
final class WatchKillTest {
  private static final int WATCHERS = 8;
  private static final int KEYS = 40;
  private static final int CHANGES = 600;
  private static final String NAMESPACE = "watched";
  private static final String LAST = "last";

  private final AtomicReference<URI> uri = new AtomicReference<>();

  @TempDir Path data;

  @Test
  void watchers_overKills_seeEveryEventOnceAndInOrder() throws Exception {
    SplittableRandom random = Seed.random("WatchKillTest");
    ServerSpec spec = ServerSpec.of("watch-kill", data);
    ExecutorService threads = Executors.newFixedThreadPool(WATCHERS + 1);
    List<Future<List<Watcher.Event>>> watchers = new ArrayList<>();
    ServerProcess server = ServerProcess.start(spec);
    try {
      uri.set(server.uri());
      CountDownLatch watching = new CountDownLatch(WATCHERS);
      for (int i = 0; i < WATCHERS; i++) {
        watchers.add(
            threads.submit(
                new Watcher(uri::get, NAMESPACE, watching, event -> event.key().equals(LAST))));
      }
      assertThat(watching.await(30, TimeUnit.SECONDS)).isTrue();

      for (int kills = 0; kills < Seed.rounds(2); kills++) {
        CountDownLatch enough = new CountDownLatch(CHANGES * 2 / 3);
        StateClient client = new StateClient(server.uri());
        Future<?> changes = threads.submit(() -> change(random, client, enough));
        assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
        server.kill();
        changes.get(60, TimeUnit.SECONDS);
        server.close();
        server = ServerProcess.start(spec);
        uri.set(server.uri());
      }
      change(random, new StateClient(server.uri()), new CountDownLatch(0));
      new StateClient(server.uri()).put(new EntryId(NAMESPACE, LAST), "ttl=1h", "0");

      List<Watcher.Event> first = watchers.get(0).get(60, TimeUnit.SECONDS);
      verify(first);
      for (Future<List<Watcher.Event>> watcher : watchers) {
        assertThat(watcher.get(60, TimeUnit.SECONDS)).isEqualTo(first);
      }
    } finally {
      server.close();
      threads.shutdownNow();
    }
  }

  /** Changes keys until it has done enough, or the server is gone. */
  private static void change(SplittableRandom random, StateClient client, CountDownLatch done) {
    try {
      for (int i = 0; i < CHANGES; i++) {
        EntryId id = new EntryId(NAMESPACE, "k" + random.nextInt(KEYS));
        if (random.nextInt(8) == 0) {
          client.delete(id);
        } else {
          client.put(id, "ttl=1h", "" + i);
        }
        done.countDown();
      }
    } catch (IOException e) {
      // Killed midway: what was done is told, acknowledged or not.
    }
  }

  /** Each life is told from its creation to its end, revision by revision. */
  private static void verify(List<Watcher.Event> events) {
    Map<String, Watcher.Event> newest = new HashMap<>();
    for (Watcher.Event event : events) {
      Watcher.Event before = newest.put(event.key(), event);
      boolean begins = before == null || before.kind().equals("ended");
      assertThat(event.kind().equals("created")).as("%s after %s", event, before).isEqualTo(begins);
      if (before != null && !begins) {
        assertThat(event.incarnation()).isEqualTo(before.incarnation());
        assertThat(event.revision()).isEqualTo(before.revision() + 1);
      }
    }
    assertThat(events).hasSizeGreaterThan(CHANGES);
  }
}
