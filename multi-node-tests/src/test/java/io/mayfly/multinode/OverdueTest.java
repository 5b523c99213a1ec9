package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.check.StoryCheck;
import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.history.Story;
import io.mayfly.multinode.history.Story.Line;
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
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fell due while no server ran ends once, soon after one runs again, with nobody asking. */
final class OverdueTest {
  private static final Duration BOUND = Duration.ofSeconds(5);

  private final SteadyClock clock = SteadyClock.system();
  private final List<EntryId> keys =
      IntStream.range(0, 300).mapToObj(i -> new EntryId("overdue", "k" + i)).toList();

  @TempDir Path data;

  @Test
  void overdueKeys_afterKillAndRestart_endOnceWithinBound() throws IOException {
    SplittableRandom random = Seed.random("OverdueTest");
    ServerSpec spec = ServerSpec.of("overdue", data);
    try (ServerProcess server = ServerProcess.start(spec)) {
      Instant last = write(new StateClient(server.uri()), random);
      server.kill();
      Await.instant(clock, last);
    }

    try (ServerProcess server = ServerProcess.start(spec)) {
      Instant ready = clock.instant();
      // A look at an overdue key ends it: so nobody looks before the bound has passed.
      Await.instant(clock, ready.plus(BOUND));

      StateClient client = new StateClient(server.uri());
      for (EntryId key : keys) {
        assertEndedOnce(client, key, ready.plus(BOUND));
      }
    }
  }

  /** Writes every key; returns the last deadline. */
  private Instant write(StateClient client, SplittableRandom random) throws IOException {
    Instant last = Instant.MIN;
    for (EntryId key : keys) {
      Answer answer = client.put(key, "ttl=" + random.nextInt(4_000, 6_000) + "ms", "1");
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      Instant deadline = Instant.parse(answer.json().path("expiresAt").asText());
      last = deadline.isAfter(last) ? deadline : last;
    }
    return last;
  }

  private static void assertEndedOnce(StateClient client, EntryId key, Instant bound)
      throws IOException {
    Story story = Story.read(client.history(key).json());
    StoryCheck.verify(story);
    assertThat(story.ends()).as("%s", story).hasSize(1);
    Line end = story.ends().get(0);
    assertThat(end.reason()).isEqualTo("expired");
    assertThat(end.at()).isBeforeOrEqualTo(bound);
    assertThat(client.get(key).status()).isEqualTo(410);
  }
}
