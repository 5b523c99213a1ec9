package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.server.WatchedStream.Told;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where watching ends: restarts, forgotten events, volatile and secret values, slow clients. */
final class WatchLimitsTest {
  @TempDir private Path data;

  @Test
  void restart_isNoGap() {
    String last;
    try (TestNode node = TestNode.start(data, Map.of())) {
      try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/demo")) {
        node.put("/v1/state/demo/a", "1").is(201);
        last = stream.next().id();
      }
      node.put("/v1/state/demo/a", "2").is(200);
    }

    try (TestNode node = TestNode.start(data, Map.of());
        WatchedStream stream = WatchedStream.open(node, "/v1/watch/demo", "Last-Event-ID", last)) {
      node.put("/v1/state/demo/a", "3").is(200);

      assertThat(stream.texts(2)).containsExactly("updated a 2", "updated a 3");
    }
  }

  @Test
  void stop_endsTheStreams() {
    TestNode node = TestNode.start(data, Map.of());
    try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/demo")) {
      node.close();

      stream.expectEnd();
    }
  }

  @Test
  void forgottenEvents_areNeverSkippedInSilence() {
    try (TestNode node =
        TestNode.configured(
            data,
            Map.of(
                "mayfly.persistence.rocksdb.feed.window", "2s",
                "mayfly.persistence.rocksdb.feed.aging-interval", "50ms",
                // Nothing is held in memory, so that only what is stored counts.
                "mayfly.http.watch.buffer-bytes", "1 B"))) {
      String first;
      try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/demo")) {
        node.put("/v1/state/demo/a", "1").is(201);
        first = stream.next().id();
        node.put("/v1/state/demo/a", "2").is(200);
        node.put("/v1/state/demo/a", "3").is(200);
        stream.next(2);
      }

      Await.until(
          "the feed forgets",
          () -> {
            Answer answer = node.opened("/v1/watch/demo", "Last-Event-ID", first);
            return answer.status() == 410;
          });
    }
  }

  @Test
  void purgedEnd_compactsWhatLiesBeforeIt() {
    try (TestNode node =
        TestNode.configured(
            data,
            Map.of(
                "mayfly.contract.default.lifetime.tombstone", "2s",
                // Nothing is held in memory, so that only what is stored counts.
                "mayfly.http.watch.buffer-bytes", "1 B"))) {
      String created;
      String ended;
      try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/demo")) {
        node.put("/v1/state/demo/a", "1").is(201);
        created = stream.next().id();
        node.delete("/v1/state/demo/a").is(200);
        ended = stream.next().id();
      }

      Await.until(
          "the key is purged",
          () -> node.opened("/v1/watch/demo", "Last-Event-ID", created).status() == 410);
      assertThat(node.opened("/v1/watch/demo", "Last-Event-ID", ended).status()).isEqualTo(200);
    }
  }

  @Test
  void volatileNamespace_isToldWithANotice() {
    try (TestNode node = TestNode.start(data, Map.of("durability", "volatile"));
        WatchedStream stream = WatchedStream.open(node, "/v1/watch/demo?values=true")) {
      node.put("/v1/state/demo/a?ttl=100ms", "1").is(201);

      assertThat(stream.next().event()).isEqualTo("notice");
      Told created = stream.next();
      assertThat(created.text()).isEqualTo("created a 1");
      assertThat(created.data().path("value").asInt()).isEqualTo(1);
      assertThat(stream.next().text()).isEqualTo("ended a 2");
      try (WatchedStream again =
          WatchedStream.open(node, "/v1/watch/demo", "Last-Event-ID", created.id())) {
        assertThat(again.next().event()).isEqualTo("notice");
        assertThat(again.next().text()).isEqualTo("ended a 2");
      }
    }
  }

  @Test
  void secretNamespace_withholdsValues() {
    try (TestNode node = TestNode.start(data, Map.of("privacy", "secret"))) {
      node.put("/v1/state/demo/a", "\"canary\"").is(201);
      try (WatchedStream stream =
          WatchedStream.open(node, "/v1/watch/demo?values=true&from=start")) {
        node.put("/v1/state/demo/a", "\"canary\"").is(200);

        Told told;
        do {
          told = stream.next();
          assertThat(told.data().toString()).doesNotContain("canary");
        } while (told.revision() < 2);
      }
    }
  }

  @Test
  void watchersMax_refusesMore() {
    try (TestNode node = TestNode.configured(data, Map.of("mayfly.http.watch.watchers-max", "1"));
        WatchedStream stream = WatchedStream.open(node, "/v1/watch/demo")) {
      assertThat(stream).isNotNull();
      Await.until(
          "the first watcher is counted", () -> node.opened("/v1/watch/demo").status() == 503);
    }
  }

  @Test
  void clientThatTakesNothing_isDisconnected_andOthersMissNothing() throws IOException {
    String value = '"' + "x".repeat(50_000) + '"';
    try (TestNode node =
            TestNode.configured(
                data,
                Map.of(
                    "mayfly.http.watch.patience", "500ms",
                    "mayfly.http.watch.heartbeat", "100ms",
                    "mayfly.http.watch.buffer-bytes", "1 MiB"));
        Socket stuck = new Socket(InetAddress.getLoopbackAddress(), node.uri().getPort());
        WatchedStream other = WatchedStream.open(node, "/v1/watch/demo?values=true")) {
      stuck.setReceiveBufferSize(4_096);
      stuck
          .getOutputStream()
          .write(
              "GET /v1/watch/demo?values=true HTTP/1.1\r\nHost: a\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = stuck.getInputStream();
      assertThat(in.read()).isPositive();

      for (int i = 1; i <= 300; i++) {
        node.put("/v1/state/demo/a", value);
        assertThat(other.next().revision()).isEqualTo(i);
      }

      assertThat(drained(in)).isLessThan(300L * 50_000);
    }
  }

  /** The bytes until the connection ends, however it does. */
  private static long drained(InputStream in) {
    long bytes = 0;
    byte[] buffer = new byte[65_536];
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes += read;
      }
    } catch (IOException e) {
      // A reset is an end too.
    }
    return bytes;
  }
}
