package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.server.WatchedStream.Told;
import io.mayfly.testing.Await;
import io.mayfly.testing.Seed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Watching over HTTP, with the real feed of a store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WatchSuite {
  private TestNode node;

  /** Where the node keeps what is watched. */
  abstract Map<String, Object> store();

  @BeforeAll
  void start(@TempDir Path data) {
    Map<String, Object> settings = new HashMap<>(store());
    settings.put("mayfly.http.watch.heartbeat", "200ms");
    node = TestNode.configured(data, settings);
  }

  /** Stops the node; once more does nothing. */
  @AfterAll
  void stop() {
    node.close();
  }

  private void put(String path, String value) {
    node.put("/v1/state/" + path, value);
  }

  @Test
  void watch_tellsALifeInOrder() {
    try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/life")) {
      put("life/a?ttl=1h", "1");
      put("life/a", "2");
      node.touch("/v1/state/life/a/touch?ttl=2h").is(200);
      node.post("/v1/state/life/a/increment", "{\"by\":1}", "Mayfly-Producer", "svc").is(200);
      node.delete("/v1/state/life/a").is(200);
      put("life/b?ttl=100ms", "1");

      List<Told> told = stream.next(7);

      assertThat(told.stream().map(Told::text))
          .containsExactly(
              "created a 1",
              "updated a 2",
              "renewed a 3",
              "updated a 4",
              "ended a 5",
              "created b 1",
              "ended b 2");
      assertThat(told.stream().map(Told::id)).isSorted().doesNotHaveDuplicates();
      assertThat(told.get(3).data().path("producer").asText()).isEqualTo("svc");
      assertThat(told.get(3).data().has("value")).isFalse();
      assertThat(told.get(4).data().path("reason").asText()).isEqualTo("deleted");
      assertThat(told.get(6).data().path("reason").asText()).isEqualTo("expired");
      assertThat(told.get(6).data().path("lateMs").asLong()).isBetween(0L, 5_000L);
      assertThat(told.get(6).data().path("namespace").asText()).isEqualTo("life");
      assertThat(told.get(6).data().path("at").asText()).endsWith("Z");
    }
  }

  @Test
  void leases_areWatchedAsEntriesAre() {
    try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/shared?of=leases")) {
      put("shared/lock", "1");
      node.put("/v1/leases/shared/pool", "{\"capacity\":2}").is(201);
      Answer lease =
          node.post(
                  "/v1/leases/shared/lock/acquire",
                  "{\"holder\":\"a\",\"ttl\":\"10s\"}",
                  "Mayfly-Producer",
                  "svc")
              .is(200);
      String leaseId = lease.json().path("leaseId").asText();
      node.post("/v1/leases/shared/lock/renew", leased(leaseId, ",\"ttl\":\"20s\"")).is(200);
      node.post("/v1/leases/shared/lock/release", leased(leaseId, "")).is(204);
      node.post("/v1/leases/shared/lock/acquire", "{\"holder\":\"b\",\"ttl\":\"50ms\"}").is(200);

      List<Told> told = stream.next(6);

      assertThat(told.stream().map(Told::event))
          .containsExactly("defined", "acquired", "renewed", "released", "acquired", "expired");
      assertThat(told.stream().map(Told::id)).isSorted().doesNotHaveDuplicates();
      assertThat(told.get(0).data().path("name").asText()).isEqualTo("pool");
      assertThat(told.get(0).data().path("capacity").asInt()).isEqualTo(2);
      assertThat(told.get(1).data().path("holder").asText()).isEqualTo("a");
      assertThat(told.get(1).data().path("token").asLong()).isEqualTo(lease.number("token"));
      assertThat(told.get(1).data().path("producer").asText()).isEqualTo("svc");
      assertThat(told.get(5).data().path("holder").asText()).isEqualTo("b");
      assertThat(told.get(5).data().path("lateMs").asLong()).isBetween(0L, 5_000L);
      assertThat(told.stream().map(each -> each.data().toString()))
          .noneMatch(text -> text.contains(leaseId));
      try (WatchedStream again =
          WatchedStream.open(
              node,
              "/v1/watch/shared/lock?of=leases&events=released,expired",
              "Last-Event-ID",
              told.get(1).id())) {
        assertThat(again.next(2).stream().map(Told::id))
            .containsExactly(told.get(3).id(), told.get(5).id());
      }
    }
  }

  private static String leased(String leaseId, String more) {
    return "{\"leaseId\":\"" + leaseId + "\"" + more + "}";
  }

  @Test
  void resume_fromEachId_missesNothingAndRepeatsNothing() {
    List<Told> all;
    try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/resume")) {
      for (int i = 0; i < 10; i++) {
        put("resume/k" + i % 5, "" + i);
      }
      all = stream.next(10);
    }

    for (int i = 0; i < all.size() - 1; i++) {
      List<Told> rest = all.subList(i + 1, all.size());
      try (WatchedStream stream =
          WatchedStream.open(node, "/v1/watch/resume?from=now", "Last-Event-ID", all.get(i).id())) {
        assertThat(stream.texts(rest.size()))
            .as("after %s", all.get(i))
            .containsExactlyElementsOf(rest.stream().map(Told::text).toList());
      }
    }
  }

  @Test
  void hotKey_beyondItsSnapshots_isToldWhole() {
    put("hot/k", "0");
    try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/hot/k?from=start")) {
      stream.next();
      put("hot/k", "1");
      String first = stream.next().id();
      for (int i = 2; i < 350; i++) {
        put("hot/k", "" + i);
      }
      stream.next(348);

      try (WatchedStream again = WatchedStream.open(node, "/v1/watch/hot?from=" + first)) {
        assertThat(again.next(348).stream().map(Told::revision))
            .containsExactlyElementsOf(LongStream.rangeClosed(3, 350).boxed().toList());
      }
    }
  }

  @Test
  void filters_leaveOutWhatIsNotAskedFor() {
    try (WatchedStream prefix = WatchedStream.open(node, "/v1/watch/filter?prefix=cart-");
        WatchedStream ends = WatchedStream.open(node, "/v1/watch/filter?events=ended,created");
        WatchedStream key = WatchedStream.open(node, "/v1/watch/filter/cart-1?values=true")) {
      put("filter/cart-1", "{\"n\":1}");
      put("filter/cart-1", "{\"n\":2}");
      put("filter/other", "3");
      put("filter/cart-10", "4");
      node.delete("/v1/state/filter/cart-1").is(200);

      assertThat(prefix.texts(4))
          .containsExactly(
              "created cart-1 1", "updated cart-1 2", "created cart-10 1", "ended cart-1 3");
      assertThat(ends.texts(4))
          .containsExactly(
              "created cart-1 1", "created other 1", "created cart-10 1", "ended cart-1 3");
      List<Told> ofKey = key.next(3);
      assertThat(ofKey.stream().map(Told::text))
          .containsExactly("created cart-1 1", "updated cart-1 2", "ended cart-1 3");
      assertThat(ofKey.get(1).data().path("value").path("n").asInt()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/watch/demo?from=yesterday",
        "/v1/watch/demo?events=created,changed",
        "/v1/watch/demo?events=",
        "/v1/watch/demo?values=maybe",
        "/v1/watch/demo?from=abc-zzz"
      })
  void badParameter_isRefused(String target) {
    node.get(target).isProblem(400, "invalid-parameter");
  }

  @Test
  void badNames_areRefused() {
    node.get("/v1/watch/UPPER").isProblem(400, "invalid-path");
    node.get("/v1/watch/demo", "Last-Event-ID", "nonsense").isProblem(400, "invalid-parameter");
    node.get("/v1/watch/demo", "Accept", "application/json").isProblem(406, "not-acceptable");
  }

  @Test
  void idOfAnotherStore_isCompacted() {
    node.get("/v1/watch/demo", "Last-Event-ID", "00000000-0000000000000001")
        .isProblem(410, "position-compacted");
  }

  @Test
  void idOfTheFuture_isCompacted() {
    String id;
    try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/future")) {
      put("future/a", "1");
      id = stream.next().id();
    }

    node.get(
            "/v1/watch/future",
            "Last-Event-ID",
            id.substring(0, 9) + "0".repeat(4) + "f".repeat(12))
        .isProblem(410, "position-compacted");
  }

  @Test
  void silence_isBrokenByComments() {
    try (WatchedStream stream = WatchedStream.open(node, "/v1/watch/silent")) {
      Await.until("three comments", () -> stream.comments() >= 3);
    }
  }

  @Test
  void lines_holdTheSameAsEvents() {
    put("lines/a", "1");

    String lines = firstLines("/v1/watch/lines?from=start&values=true", 2);

    assertThat(lines)
        .matches(
            "(?s)\\n\\{\"id\":\"[0-9a-f]{8}-[0-9a-f]{16}-61\",\"event\":\"created\","
                + "\"namespace\":\"lines\",\"key\":\"a\",.*\"standing\":true,\"value\":1}\\n");
  }

  private String firstLines(String target, int count) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node.uri() + target))
            .header("Accept", "application/x-ndjson")
            .build();
    try (InputStream body =
            HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      StringBuilder read = new StringBuilder();
      for (int i = 0; i < count; i++) {
        read.append(lines.readLine()).append('\n');
      }
      return read.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Test
  void start_amidWrites_givesEveryKeyOnceAndInOrder() throws InterruptedException {
    mirror("mirror", "/v1/watch/mirror?from=start&values=true", Integer.MAX_VALUE);
  }

  @Test
  void start_cutAgainAndAgain_givesEveryKeyOnceAndInOrder() throws InterruptedException {
    mirror("cut", "/v1/watch/cut?from=start", 37);
  }

  /** Follows a namespace that changes meanwhile, and compares with what stands in the end. */
  private void mirror(String namespace, String target, int cutAfter) throws InterruptedException {
    SplittableRandom random = Seed.random("mirror of " + namespace);
    for (int i = 0; i < 330; i++) {
      put(namespace + "/k" + i, "" + i);
    }
    AtomicBoolean writing = new AtomicBoolean(true);
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < 600; i++) {
                String key = namespace + "/k" + random.nextInt(400);
                if (random.nextInt(4) == 0) {
                  node.delete("/v1/state/" + key);
                } else {
                  put(key, "" + i);
                }
              }
              put(namespace + "/z-last", "0");
              writing.set(false);
            });
    writer.start();
    Map<String, String> seen = new HashMap<>();
    Map<String, String> newest = new HashMap<>();
    String last = "";
    boolean over = false;
    while (!over) {
      try (WatchedStream stream =
          last.isEmpty()
              ? WatchedStream.open(node, target)
              : WatchedStream.open(node, target, "Last-Event-ID", last)) {
        for (int i = 0; i < cutAfter && !over; i++) {
          Told told = stream.next();
          last = told.id();
          String version =
              String.format(
                  "%020d.%010d", told.data().path("incarnation").asLong(), told.revision());
          String before = newest.put(told.key(), version);
          assertThat(before == null || before.compareTo(version) < 0)
              .as("%s after %s", told, before)
              .isTrue();
          if (told.event().equals("ended")) {
            seen.remove(told.key());
          } else {
            seen.put(told.key(), version);
          }
          over = told.key().equals("z-last");
        }
      }
    }
    writer.join();

    assertThat(writing).isFalse();
    Map<String, String> standing = new TreeMap<>();
    Answer list = node.get("/v1/state/" + namespace + "?limit=1000").is(200);
    List<String> keys = list.each("entries", "key");
    for (int i = 0; i < keys.size(); i++) {
      standing.put(
          keys.get(i),
          String.format(
              "%020d.%010d",
              Long.parseLong(list.each("entries", "incarnation").get(i)),
              Long.parseLong(list.each("entries", "revision").get(i))));
    }
    assertThat(new TreeMap<>(seen)).isEqualTo(standing);
  }
}
