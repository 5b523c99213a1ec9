package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.testing.Seed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However often a request is sent, and whenever the server dies, it has one effect. */
final class IdempotencyKillTest {
  private static final int CLIENTS = 32;
  private static final int SENT_EACH = 3;

  /** Fewer than a key remembers, so that no answer is forgotten. */
  private static final int REQUESTS_PER_KEY = 40;

  private final int requests = Integer.getInteger("mayfly.requests", 2_000);
  private final int kills = Math.max(1, requests / 4_000);
  private final Map<Integer, String> answers = new ConcurrentHashMap<>();
  private final Queue<String> differences = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> toSend = new ConcurrentLinkedQueue<>();
  private final Semaphore answered = new Semaphore(0);
  private final AtomicReference<URI> server = new AtomicReference<>();
  private final AtomicReference<CountDownLatch> up = new AtomicReference<>(new CountDownLatch(0));
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  @TempDir Path data;

  @Test
  void requests_sentThriceThroughKills_haveOneEffectEach() throws Exception {
    Random random = new Random(Seed.random("IdempotencyKillTest").nextLong());
    ServerSpec spec = ServerSpec.of("idempotency", data);
    toSend.addAll(shuffled(random));
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);

    ServerProcess process = ServerProcess.start(spec);
    try {
      server.set(process.uri());
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(this::sendAll));
      }
      int part = requests * SENT_EACH / (kills + 1);
      for (int kill = 0; kill < kills; kill++) {
        assertThat(answered.tryAcquire(part, 120, TimeUnit.SECONDS)).isTrue();
        CountDownLatch restarted = new CountDownLatch(1);
        up.set(restarted);
        process.kill();
        process.close();
        process = ServerProcess.start(spec);
        server.set(process.uri());
        restarted.countDown();
      }
      for (Future<?> client : clients) {
        client.get(180, TimeUnit.SECONDS);
      }

      assertThat(differences).isEmpty();
      assertThat(answers).hasSize(requests);
      assertThat(counters()).isEqualTo(expectedCounters());
      System.out.println(
          "IdempotencyKillTest: " + requests + " requests, each sent 3 times, " + kills + " kills");
    } finally {
      threads.shutdownNow();
      process.close();
    }
  }

  private List<Integer> shuffled(Random random) {
    List<Integer> order = new ArrayList<>(requests * SENT_EACH);
    for (int i = 0; i < requests * SENT_EACH; i++) {
      order.add(i % requests);
    }
    Collections.shuffle(order, random);
    return order;
  }

  private void sendAll() {
    for (Integer number = toSend.poll(); number != null; number = toSend.poll()) {
      String answer = send(number);
      if (answer == null) {
        toSend.add(number);
      } else {
        String first = answers.putIfAbsent(number, answer);
        if (first != null && !first.equals(answer)) {
          differences.add(number + ": " + first + " then " + answer);
        }
        answered.release();
      }
    }
  }

  /** Status, tag and body; null when nobody can say what happened, or the first still runs. */
  private @Nullable String send(int number) {
    try {
      HttpResponse<String> response = http.send(request(number), BodyHandlers.ofString());
      int status = response.statusCode();
      boolean decided = status / 100 == 2;
      if (!decided && status != 503 && status != 504 && status != 409) {
        differences.add(number + ": " + status + ' ' + response.body());
      }
      return decided
          ? status + " " + response.headers().firstValue("ETag") + ' ' + response.body()
          : null;
    } catch (IOException e) {
      return awaitServer();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable String awaitServer() {
    try {
      assertThat(up.get().await(60, TimeUnit.SECONDS)).isTrue();
      return null;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean creates(int number) {
    return number % 5 == 0;
  }

  private static String counter(int number) {
    return "counter-" + number / REQUESTS_PER_KEY;
  }

  private HttpRequest request(int number) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder()
            .timeout(Duration.ofSeconds(10))
            .header("Idempotency-Key", "request-" + number);
    return creates(number)
        ? builder
            .uri(server.get().resolve("/v1/state/once/created-" + number))
            .header("If-None-Match", "*")
            .header("Prefer", "return=representation")
            .PUT(BodyPublishers.ofString("{\"n\":" + number + "}"))
            .build()
        : builder
            .uri(server.get().resolve("/v1/state/once/" + counter(number) + "/increment"))
            .POST(BodyPublishers.ofString("{\"by\":1}"))
            .build();
  }

  private Map<String, Integer> expectedCounters() {
    Map<String, Integer> expected = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      if (!creates(i)) {
        expected.merge(counter(i), 1, Integer::sum);
      }
    }
    return expected;
  }

  private Map<String, Integer> counters() throws IOException, InterruptedException {
    Map<String, Integer> counters = new HashMap<>();
    for (String key : expectedCounters().keySet()) {
      HttpRequest get =
          HttpRequest.newBuilder(server.get().resolve("/v1/state/once/" + key)).build();
      counters.put(key, Integer.parseInt(http.send(get, BodyHandlers.ofString()).body()));
    }
    return counters;
  }
}
