package io.mayfly.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The API on a free loopback port, over fakes, under a clock that stands still. */
final class TestServer implements AutoCloseable {
  /** The instant at which every test starts. */
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final AtomicReference<Instant> now = new AtomicReference<>(START);
  final AtomicReference<CompletionStage<ClusterReport>> cluster =
      new AtomicReference<>(new CompletableFuture<>());
  final AtomicBoolean ready = new AtomicBoolean(true);
  final FakeEntries entries = new FakeEntries(now::get);
  final FakeQueues queues = new FakeQueues();
  final FakeLeases leases = new FakeLeases();
  final FakeFeed feed = new FakeFeed();
  private final ActorSystem<Void> system;
  private final Listener binding;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestServer(String overrides) {
    Config config = ConfigFactory.parseString(overrides).withFallback(ConfigFactory.load());
    system = ActorSystem.create(Behaviors.empty(), "http", config);
    Health health =
        new Health() {
          @Override
          public boolean live() {
            return true;
          }

          @Override
          public boolean ready() {
            return ready.get();
          }
        };
    HttpApi api =
        new HttpApi(
            system,
            HttpSettings.from(config),
            new HttpApi.Ports(
                entries,
                leases,
                entries,
                new Feeds(feed, feed),
                Contracts.of(namespace -> Contract.STANDARD),
                new FakeContracts(),
                now::get,
                health,
                () -> "mayfly_up 1\n",
                () -> cluster.get(),
                queues,
                Telemetry.NONE));
    binding = api.bind("127.0.0.1", 0, null).toCompletableFuture().join();
  }

  static TestServer start() {
    return new TestServer("");
  }

  static TestServer start(String overrides) {
    return new TestServer(overrides);
  }

  CompletionStage<?> drain() {
    return binding.drain();
  }

  int port() {
    return binding.localAddress().getPort();
  }

  HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String target) {
    return send(to(target).GET());
  }

  HttpResponse<String> put(String target, String body) {
    return send(to(target).PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> post(String target, String body) {
    return send(to(target).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
