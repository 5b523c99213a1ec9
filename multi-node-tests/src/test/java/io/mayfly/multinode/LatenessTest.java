package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.check.StoryCheck;
import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.history.Story;
import io.mayfly.multinode.traffic.Answer;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.time.SteadyClock;
import io.mayfly.testing.Await;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An entry ends neither early nor late, whether its actor is in memory or not. */
final class LatenessTest {
  /** Client and server read one clock in whole milliseconds; so near to it nothing is proven. */
  private static final Duration BLUR = Duration.ofMillis(2);

  private static final Duration PASSIVATED_MAX = Duration.ofSeconds(1);
  private static final int READERS = 4;

  private final SteadyClock clock = SteadyClock.system();
  private final SplittableRandom random = Seed.random("LatenessTest");

  @TempDir Path data;

  @Test
  void value_readAroundItsDeadline_isThereBeforeAndNeverAfter() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    try (ServerProcess server = ServerProcess.start(ServerSpec.of("deadline", data))) {
      StateClient client = new StateClient(server.uri());
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < READERS; reader++) {
        SplittableRandom own = random.split();
        String prefix = "r" + reader + "-";
        readers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    readUntilGone(client, new EntryId("deadline", prefix + i), own);
                  }
                  return null;
                }));
      }

      for (Future<?> reader : readers) {
        reader.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void readUntilGone(StateClient client, EntryId key, SplittableRandom own)
      throws IOException {
    Answer written = client.put(key, "ttl=" + own.nextInt(50, 400) + "ms", "\"here\"");
    assertThat(written.status()).as(written.body()).isEqualTo(201);
    Instant deadline = Instant.parse(written.json().path("expiresAt").asText());
    Answer answer;
    do {
      Instant sent = clock.instant();
      answer = client.get(key);
      if (!sent.isBefore(deadline.plus(BLUR))) {
        assertThat(answer.status()).as("sent %s, deadline %s", sent, deadline).isEqualTo(410);
        assertThat(answer.body()).doesNotContain("here");
      }
    } while (answer.status() == 200);
    assertThat(answer.status()).isEqualTo(410);
    assertThat(clock.instant()).as("gone").isAfterOrEqualTo(deadline.minus(BLUR));
  }

  @Test
  void passivatedKeys_untouched_endWithinASecond() throws IOException {
    ServerSpec spec =
        ServerSpec.of(
            "passivated",
            data,
            "mayfly.sharding.passivate-after=1s",
            "mayfly.sharding.resident-entries-max=16");
    try (ServerProcess server = ServerProcess.start(spec)) {
      StateClient client = new StateClient(server.uri());
      Map<EntryId, Instant> deadlines = new LinkedHashMap<>();
      for (int i = 0; i < 300; i++) {
        EntryId key = new EntryId("passivated", "k" + i);
        Answer answer = client.put(key, "ttl=" + random.nextInt(5_000, 8_000) + "ms", "1");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        deadlines.put(key, Instant.parse(answer.json().path("expiresAt").asText()));
      }
      Instant last = deadlines.values().stream().max(Instant::compareTo).orElseThrow();

      Await.instant(clock, last.plus(PASSIVATED_MAX).plus(PASSIVATED_MAX));

      for (Map.Entry<EntryId, Instant> key : deadlines.entrySet()) {
        assertEndedWithin(Story.read(client.history(key.getKey()).json()), key.getValue());
      }
    }
  }

  private static void assertEndedWithin(Story story, Instant deadline) {
    StoryCheck.verify(story);
    assertThat(story.ends()).hasSize(1);
    assertThat(story.ends().get(0).at()).isBetween(deadline, deadline.plus(PASSIVATED_MAX));
  }
}
