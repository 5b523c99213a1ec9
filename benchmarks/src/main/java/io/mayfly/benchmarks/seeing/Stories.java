package io.mayfly.benchmarks.seeing;

import io.mayfly.benchmarks.lateness.StateClient;
import io.mayfly.benchmarks.load.LoadGenerator;
import io.mayfly.benchmarks.load.LoadPlan;
import io.mayfly.benchmarks.load.Pace;
import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.BareServer;
import io.mayfly.benchmarks.process.Jdk;
import io.mayfly.benchmarks.process.ServerUnderTest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How long the life story of a key takes to tell, which mostly sleeps in the store. */
final class Stories {
  private static final int KEYS = 5_000;
  private static final int REVISIONS = 32;
  private static final int RESIDENT = 500;
  private static final int TOLD = 1_000;
  private static final String KEY = "/v1/state/bench/cart-{key}";

  private Stories() {}

  static void measure(Jdk jdk) throws IOException, InterruptedException {
    List<String> settings = List.of("mayfly.sharding.resident-entries-max=" + RESIDENT);
    try (ServerUnderTest server = ServerUnderTest.mayfly(jdk, settings)) {
      LoadGenerator.run(
          LoadPlan.of(
              server.address(),
              RequestTemplate.put(KEY + "?ttl=1h", BareServer.JSON_120),
              number -> number % KEYS,
              Pace.count(64, (long) KEYS * REVISIONS)));
      StateClient client = new StateClient(server.uri());
      client.get("/v1/pressure"); // the client loads its classes; the server has told no story yet
      SplittableRandom random = new SplittableRandom(1);
      long[] nanos = new long[TOLD];
      for (int i = 0; i < TOLD; i++) {
        String path = String.format("/v1/state/bench/cart-%010d/history", random.nextInt(KEYS));
        long began = System.nanoTime();
        int events = client.get(path).path("events").size();
        nanos[i] = System.nanoTime() - began;
        if (events != REVISIONS) {
          throw new IllegalStateException(path + ": " + events + " events");
        }
      }
      Arrays.sort(nanos);
      System.out.printf(
          "stories of %d events, of %d keys of which %d are in memory:"
              + " p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
          REVISIONS,
          KEYS,
          RESIDENT,
          nanos[TOLD / 2] / 1e6,
          nanos[TOLD * 99 / 100] / 1e6,
          nanos[TOLD - 1] / 1e6);
    }
  }
}
