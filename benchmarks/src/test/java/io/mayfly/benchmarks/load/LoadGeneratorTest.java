package io.mayfly.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoadGeneratorTest {
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpServer server = listen();
  private volatile int status = 200;
  private volatile long stallMillis;

  private static HttpServer listen() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          stall();
          exchange.sendResponseHeaders(status, 2);
          exchange.getResponseBody().write(new byte[] {'{', '}'});
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void closedLoop_counted_sendsEveryKeyOnce() throws IOException {
    LoadPlan plan = plan(RequestTemplate.put("/s/k{key}?ttl={ttl}ms", "{}"), Pace.count(4, 100));

    LoadResult result = LoadGenerator.run(plan);

    assertThat(result.answers()).isEqualTo(100);
    assertThat(result.errors()).isZero();
    assertThat(seen).hasSize(100).contains("PUT /s/k0000000042?ttl=01042ms");
  }

  @Test
  void refusals_areCountedAsErrors() throws IOException {
    status = 503;

    LoadResult result = LoadGenerator.run(plan(RequestTemplate.get("/"), Pace.count(1, 10)));

    assertThat(result.errors()).isEqualTo(10);
    assertThat(result.byClass().get(5)).isEqualTo(10);
  }

  @Test
  void openLoop_stallingServer_countsTheWaitInTheQueue() throws IOException {
    stallMillis = 50;
    Pace pace = Pace.open(1, 100, Duration.ofMillis(500));

    LoadResult result = LoadGenerator.run(plan(RequestTemplate.get("/"), pace));

    assertThat(result.latencyMillis(0)).isBetween(50.0, 100.0);
    assertThat(result.latencyMillis(100)).isGreaterThan(200);
  }

  private LoadPlan plan(RequestTemplate template, Pace pace) {
    return new LoadPlan(
        server.getAddress(), template, number -> number, number -> 1_000 + number, pace, () -> 0);
  }

  private void stall() {
    try {
      assertThat(new CountDownLatch(1).await(stallMillis, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
