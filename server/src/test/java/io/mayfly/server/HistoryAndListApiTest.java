package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.testing.Await;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** History, revisions, rollback and lists over HTTP. */
final class HistoryAndListApiTest {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of("history.revisions", "8"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void history_tellsTheLifeInOrderOverIncarnationsWithoutValues() {
    String path = "/v1/state/demo/story";
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    long first = node.put(path, "{\"n\":\"secret\"}", "traceparent", trace).number("incarnation");
    node.merge(path, "{\"m\":\"secret\"}").is(200);
    node.touch(path + "/touch").is(200);
    node.post(path + "/rollback", "{\"toRevision\":1}").is(200);
    node.delete(path).is(200);
    long second = node.put(path, "\"secret\"").is(201).number("incarnation");
    node.put(path, "\"secret\"").is(200);

    Answer history = node.get(path + "/history").is(200);

    assertThat(history.each("events", "event"))
        .containsExactly("created", "updated", "renewed", "updated", "ended", "created", "updated");
    assertThat(history.each("events", "outcome"))
        .containsExactly(
            "created", "patched", "renewed", "rolled-back", "deleted", "created", "replaced");
    assertThat(history.each("events", "revision"))
        .containsExactly("1", "2", "3", "4", "5", "1", "2");
    assertThat(history.each("events", "incarnation"))
        .startsWith("" + first)
        .endsWith("" + second)
        .isSorted();
    assertThat(history.each("events", "at")).isSorted().doesNotContain("");
    assertThat(history.each("events", "reason").get(4)).isEqualTo("deleted");
    assertThat(history.each("events", "expiresAt").get(0)).isNotEmpty();
    assertThat(history.each("events", "traceparent").get(0)).contains(trace.substring(3, 35));
    assertThat(history.text()).doesNotContain("secret");
  }

  @Test
  void historyLimit_takesTheNewest() {
    String path = "/v1/state/demo/limit";
    for (int i = 0; i < 12; i++) {
      node.put(path, "" + i);
    }

    assertThat(node.get(path + "/history?limit=2").each("events", "revision"))
        .containsExactly("11", "12");
    assertThat(node.get(path + "/history").each("events", "revision"))
        .containsExactly("5", "6", "7", "8", "9", "10", "11", "12");
    node.get(path + "/history?limit=0").isProblem(400, "invalid-parameter");
    node.get(path + "/history?limit=x").isProblem(400, "invalid-parameter");
  }

  @Test
  void incrementAndExpiry_appearInHistoryWithTheirOutcome() {
    String path = "/v1/state/demo/counted";
    node.post(path + "/increment", "{\"by\":1}").is(201);
    node.post(path + "/increment", "{\"by\":1,\"ttl\":\"100ms\"}").is(200);

    Await.until(
        "the end", () -> node.get(path + "/history").each("events", "event").contains("ended"));

    Answer history = node.get(path + "/history");
    assertThat(history.each("events", "event")).containsExactly("created", "updated", "ended");
    assertThat(history.each("events", "outcome").subList(0, 2))
        .containsExactly("created", "incremented");
    assertThat(history.each("events", "outcome").get(2)).isNotEmpty();
    assertThat(history.each("events", "reason").get(2)).isEqualTo("expired");
  }

  @Test
  void revision_isReadWhileItIsKept() {
    String path = "/v1/state/demo/revisions";
    for (int i = 1; i <= 12; i++) {
      node.put(path, "" + i);
    }

    Answer kept = node.get(path + "?revision=11").is(200);

    assertThat(kept.text()).isEqualTo("11");
    assertThat(kept.header("ETag")).endsWith(".11\"");
    assertThat(node.get(path + "?revision=12").is(200).text()).isEqualTo("12");
    node.get(path + "?revision=1").isProblem(404, "unknown-revision");
    node.get(path + "?revision=13").isProblem(404, "unknown-revision");
    node.get(path + "?revision=0").is(400);
    node.get(path + "?revision=x").isProblem(400, "invalid-parameter");
  }

  @Test
  void rollback_isANewRevisionWithTheOldValueAndTheStandingDeadline() {
    String path = "/v1/state/demo/rollback";
    node.put(path + "?ttl=30s", "{\"n\":1}").is(201);
    Answer second = node.put(path + "?ttl=60s", "{\"n\":2}").is(200);

    Answer back = node.post(path + "/rollback", "{\"toRevision\":1}").is(200);

    assertThat(back.json().path("outcome").asText()).isEqualTo("rolled-back");
    assertThat(back.number("revision")).isEqualTo(3);
    assertThat(back.instant("expiresAt")).isEqualTo(second.instant("expiresAt"));
    assertThat(node.get(path).text()).isEqualTo("{\"n\":1}");
    node.post(path + "/rollback", "{\"toRevision\":99}").isProblem(409, "revision-not-kept");
    for (int i = 0; i < 9; i++) {
      node.put(path, "" + i).is(200);
    }
    node.post(path + "/rollback", "{\"toRevision\":1}").isProblem(409, "revision-not-kept");
  }

  @Test
  void list_isInOrderOfTheBytesOfTheKeys() {
    List<String> keys = List.of("Z", "a", "a/b", "\u00e9", "\uff5e", "\ud83d\ude00");
    for (int i = keys.size() - 1; i >= 0; i--) {
      node.put("/v1/state/order/" + encoded(keys.get(i)), "1").is(201);
    }

    Await.until("the list", () -> keysOf("/v1/state/order").size() == keys.size());

    assertThat(keysOf("/v1/state/order")).containsExactlyElementsOf(keys);
    assertThat(keysOf("/v1/state/order?prefix=a")).containsExactly("a", "a/b");
    assertThat(keysOf("/v1/state/order?prefix=" + encoded("\u00e9"))).containsExactly("\u00e9");
    assertThat(keysOf("/v1/state/order?prefix=nothing")).isEmpty();
    assertThat(keysOf("/v1/state/no-such-namespace")).isEmpty();
  }

  @Test
  void cursor_showsEveryKeyOnce() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      keys.add("k%02d".formatted(i));
      node.put("/v1/state/pages/" + keys.get(i), "1").is(201);
    }
    Await.until("the list", () -> keysOf("/v1/state/pages").size() == keys.size());

    assertThat(allPages("/v1/state/pages?limit=4")).containsExactlyElementsOf(keys);
    assertThat(allPages("/v1/state/pages?limit=4&view=entries")).containsExactlyElementsOf(keys);
    assertThat(allPages("/v1/state/pages?limit=3&prefix=k1"))
        .containsExactlyElementsOf(keys.subList(10, 20));
    assertThat(allPages("/v1/state/pages?limit=4&expiring-within=1h"))
        .containsExactlyInAnyOrderElementsOf(keys);
    node.get("/v1/state/pages?cursor=nonsense").isProblem(400, "invalid-parameter");
  }

  @Test
  void expiringWithin_isInOrderOfTheDeadlines() {
    node.put("/v1/state/soon/a?ttl=3m", "1").is(201);
    node.put("/v1/state/soon/b?ttl=1m", "1").is(201);
    node.put("/v1/state/soon/c?ttl=2m", "1").is(201);
    node.put("/v1/state/soon/d?ttl=20m", "1").is(201);
    Await.until("the list", () -> keysOf("/v1/state/soon").size() == 4);

    assertThat(keysOf("/v1/state/soon?expiring-within=10m")).containsExactly("b", "c", "a");
    assertThat(keysOf("/v1/state/soon?expiring-within=10m&limit=2")).containsExactly("b", "c");
    assertThat(keysOf("/v1/state/soon?expiring-within=1s")).isEmpty();
    node.get("/v1/state/soon?expiring-within=soon").isProblem(400, "invalid-parameter");
  }

  @Test
  void listElement_hasExactlyItsFields() {
    Answer created = node.put("/v1/state/shape/key", "{\"a\":1}").is(201);
    Await.until("the list", () -> !keysOf("/v1/state/shape").isEmpty());

    Answer list = node.get("/v1/state/shape").is(200);
    JsonNode element = list.json().path("entries").path(0);
    JsonNode whole = node.get("/v1/state/shape?view=entries").json().path("entries").path(0);

    assertThat(element.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("key", "incarnation", "revision", "etag", "expiresAt");
    assertThat(element.path("etag").asText()).isEqualTo(created.header("ETag"));
    assertThat(list.json().path("cursor").isNull()).isTrue();
    assertThat(whole).isEqualTo(node.get("/v1/state/shape/key?view=entry").json());
  }

  @Test
  void endedEntry_isNeverListed() {
    node.put("/v1/state/ended/deleted", "1").is(201);
    node.put("/v1/state/ended/expired?ttl=400ms", "1").is(201);
    node.put("/v1/state/ended/live", "1").is(201);
    Await.until("the list", () -> keysOf("/v1/state/ended").contains("live"));

    node.delete("/v1/state/ended/deleted").is(200);
    assertThat(keysOf("/v1/state/ended")).doesNotContain("deleted");
    Await.until("the end", () -> node.get("/v1/state/ended/expired").status() == 410);

    assertThat(keysOf("/v1/state/ended")).containsExactly("live");
    assertThat(keysOf("/v1/state/ended?view=entries")).containsExactly("live");
    assertThat(keysOf("/v1/state/ended?expiring-within=1h")).containsExactly("live");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"limit=0", "limit=-1", "limit=x", "limit=", "view=all", "cursor=%00"})
  void unknownValueOfAKnownParameter_isRefused(String query) {
    node.get("/v1/state/demo?" + query).isProblem(400, "invalid-parameter");
  }

  private static List<String> keysOf(String path) {
    return node.get(path).is(200).each("entries", "key");
  }

  private static List<String> allPages(String path) {
    List<String> keys = new ArrayList<>();
    String next = path;
    while (true) {
      Answer page = node.get(next).is(200);
      keys.addAll(page.each("entries", "key"));
      JsonNode cursor = page.json().path("cursor");
      if (cursor.isNull()) {
        return keys;
      }
      next = path + "&cursor=" + encoded(cursor.asText());
    }
  }

  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8);
  }
}
