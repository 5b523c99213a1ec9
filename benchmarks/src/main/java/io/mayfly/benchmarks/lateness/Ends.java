package io.mayfly.benchmarks.lateness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * Reads from the histories of many keys how late each ended. To be read when the ends are long
 * over, because a look at an overdue key ends it.
 */
final class Ends {
  private static final int READERS = 16;

  private final List<Long> latenessMillis = new ArrayList<>();
  private long otherThanOneEnd;

  /** Reads the histories of the keys 0 to {@code count - 1}. */
  static Ends read(StateClient client, long count, LongFunction<String> pathOf)
      throws InterruptedException {
    Ends ends = new Ends();
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try {
      List<Future<List<Long>>> stories = new ArrayList<>();
      for (long key = 0; key < count; key++) {
        String path = pathOf.apply(key) + "/history";
        stories.add(readers.submit(() -> lateness(client.get(path))));
      }
      for (Future<List<Long>> story : stories) {
        ends.add(story.get());
      }
      return ends;
    } catch (ExecutionException e) {
      throw new IllegalStateException("history not readable", e.getCause());
    } finally {
      readers.shutdownNow();
    }
  }

  private void add(List<Long> endsOfOneKey) {
    if (endsOfOneKey.size() != 1) {
      otherThanOneEnd++;
    }
    latenessMillis.addAll(endsOfOneKey);
  }

  private static List<Long> lateness(JsonNode history) throws IOException {
    List<Long> lateness = new ArrayList<>();
    Instant deadline = Instant.MAX;
    for (JsonNode event : history.get("events")) {
      if (event.path("event").asText().equals("ended")) {
        Instant at = Instant.parse(event.path("at").asText());
        lateness.add(Duration.between(deadline, at).toMillis());
      } else {
        deadline = Instant.parse(event.path("expiresAt").asText());
      }
    }
    return lateness;
  }

  long count() {
    return latenessMillis.size();
  }

  /** Ends before their deadline. */
  long early() {
    return latenessMillis.stream().filter(millis -> millis < 0).count();
  }

  /** Keys with no end or with more than one. */
  long otherThanOneEnd() {
    return otherThanOneEnd;
  }

  /** Milliseconds of lateness within which this share of the ends, from 0 to 1, lies. */
  long quantileMillis(double share) {
    long[] sorted = latenessMillis.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * (sorted.length - 1))];
  }
}
