package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Await;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every durability promises of one entry. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EntryBasics {
  private static final String ETAG = "\"\\d+\\.%d\"";

  private final String durability;
  private TestNode node;

  /** The basics of an entry of this durability. */
  EntryBasics(String durability) {
    this.durability = durability;
  }

  @BeforeAll
  void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of("durability", durability));
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void put_createsThenReplaces() {
    String path = "/v1/state/demo/put";

    Answer created = node.put(path + "?ttl=30s", "{\"n\":1}").is(201);
    Answer replaced = node.put(path, "{\"n\":2}").is(200);

    assertThat(created.header("Location")).endsWith(path);
    assertThat(created.header("ETag")).matches(ETAG.formatted(1));
    assertThat(created.header("Mayfly-Durability")).isEqualTo(durability);
    assertThat(created.header("Mayfly-Expires-At"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z")
        .isEqualTo(created.json().path("expiresAt").asText());
    assertThat(created.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(created.header("Vary")).isEqualTo("Accept");
    assertThat(created.json().path("namespace").asText()).isEqualTo("demo");
    assertThat(created.json().path("key").asText()).isEqualTo("put");
    assertThat(created.json().path("etag").asText()).isEqualTo(created.header("ETag"));
    assertThat(created.json().path("durability").asText()).isEqualTo(durability);
    assertThat(created.json().path("outcome").asText()).isEqualTo("created");
    assertThat(created.instant("expiresAt"))
        .isEqualTo(created.instant("createdAt").plusSeconds(30));
    assertThat(replaced.json().path("outcome").asText()).isEqualTo("replaced");
    assertThat(replaced.number("revision")).isEqualTo(2);
    assertThat(replaced.number("incarnation")).isEqualTo(created.number("incarnation"));
    assertThat(replaced.instant("createdAt")).isEqualTo(created.instant("createdAt"));
    assertThat(replaced.instant("updatedAt")).isAfterOrEqualTo(created.instant("updatedAt"));
    assertThat(replaced.instant("expiresAt")).isEqualTo(created.instant("expiresAt"));
    assertThat(replaced.header("Location")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%7C",
        "a%7Cb",
        "entry%7Cdemo%2Fa",
        "a%2Fb",
        "%2F",
        "%25",
        "%20",
        "%3F%23",
        "..%2F..",
        "*",
        "$",
        "a~b",
        "%22%27%5C",
        "%C3%A4%F0%9F%A6%8B",
        "%E2%80%A8",
        "-",
        "_%2B%3B"
      })
  void key_ofAnyCharacters_isWrittenReadListedAndEnded(String key) {
    String path = "/v1/state/odd/" + key;

    node.put(path, "1").is(201);

    assertThat(node.get(path).is(200).text()).isEqualTo("1");
    assertThat(node.get("/v1/state/odd?limit=1000").is(200).each("entries", "key"))
        .contains(URLDecoder.decode(key, StandardCharsets.UTF_8));
    node.delete(path).is(200);
    node.get(path).is(410);
  }

  @Test
  void putOfTheSameValue_isANewRevision() {
    node.put("/v1/state/demo/same", "1").is(201);

    Answer again = node.put("/v1/state/demo/same", "1").is(200);

    assertThat(again.number("revision")).isEqualTo(2);
    assertThat(again.json().path("outcome").asText()).isEqualTo("replaced");
  }

  @Test
  void get_answersTheBareValueWithItsHeaders() {
    Answer created = node.put("/v1/state/demo/get", "{\"a\":[1,null,true,\"x\"]}").is(201);

    Answer read = node.get("/v1/state/demo/get").is(200);

    assertThat(read.text()).isEqualTo("{\"a\":[1,null,true,\"x\"]}");
    assertThat(read.header("Content-Type")).startsWith("application/json");
    assertThat(read.header("ETag")).isEqualTo(created.header("ETag"));
    assertThat(read.header("Mayfly-Expires-At")).isEqualTo(created.header("Mayfly-Expires-At"));
    assertThat(read.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(read.header("Vary")).isEqualTo("Accept");
  }

  @Test
  void head_answersAsGetWithoutTheBody() {
    node.put("/v1/state/demo/head", "{\"a\":1}").is(201);
    Answer read = node.get("/v1/state/demo/head").is(200);

    Answer head = node.head("/v1/state/demo/head").is(200);

    assertThat(head.bytes()).isEmpty();
    for (String name :
        new String[] {
          "ETag", "Mayfly-Expires-At", "Cache-Control", "Vary", "Content-Type", "Content-Length"
        }) {
      assertThat(head.header(name)).as(name).isNotEmpty().isEqualTo(read.header(name));
    }
    node.head("/v1/state/demo/head-of-nothing").is(404);
  }

  @Test
  void viewEntry_showsTheWholeEntry() {
    Answer created = node.put("/v1/state/demo/view", "{\"a\":1}").is(201);

    Answer view = node.get("/v1/state/demo/view?view=entry").is(200);

    for (String field :
        new String[] {
          "namespace",
          "key",
          "incarnation",
          "revision",
          "etag",
          "createdAt",
          "updatedAt",
          "expiresAt",
          "durability"
        }) {
      assertThat(view.json().get(field)).as(field).isEqualTo(created.json().get(field));
    }
    assertThat(view.json().path("value").path("a").asInt()).isEqualTo(1);
    assertThat(view.json().size()).isEqualTo(10);
    assertThat(view.header("ETag")).isEqualTo(created.header("ETag"));
  }

  @Test
  void ifNoneMatch_answersNotModifiedWhileTheRevisionStands() {
    String path = "/v1/state/demo/not-modified";
    String etag = node.put(path, "1").is(201).header("ETag");

    Answer same = node.get(path, "If-None-Match", etag).is(304);
    Answer weak = node.get(path, "If-None-Match", "\"1.1\", W/" + etag).is(304);
    node.put(path, "2").is(200);
    Answer newer = node.get(path, "If-None-Match", etag).is(200);

    assertThat(same.header("ETag")).isEqualTo(etag);
    assertThat(same.header("Mayfly-Expires-At")).isNotEmpty();
    assertThat(same.header("Vary")).isEqualTo("Accept");
    assertThat(same.bytes()).isEmpty();
    assertThat(weak.bytes()).isEmpty();
    assertThat(newer.text()).isEqualTo("2");
    node.head(path, "If-None-Match", newer.header("ETag")).is(304);
  }

  @Test
  void ifMatch_refusesAnyOtherRevisionOnEveryMutation() {
    String path = "/v1/state/demo/if-match";
    String old = node.put(path, "{\"n\":1}").is(201).header("ETag");

    String now = node.put(path, "{\"n\":2}", "If-Match", old).is(200).header("ETag");

    Answer[] refusals = {
      node.put(path, "3", "If-Match", old),
      node.merge(path, "{\"n\":3}", "If-Match", old),
      node.jsonPatch(path, "[]", "If-Match", old),
      node.post(path + "/increment", "{\"by\":1}", "If-Match", old),
      node.touch(path + "/touch", "If-Match", old),
      node.post(path + "/rollback", "{\"toRevision\":1}", "If-Match", old),
      node.delete(path, "If-Match", old),
    };
    for (Answer refusal : refusals) {
      refusal.isProblem(412, "precondition-failed");
      assertThat(refusal.json().path("etag").asText()).isEqualTo(now);
    }
    assertThat(node.get(path).is(200).text()).isEqualTo("{\"n\":2}");
    node.delete(path, "If-Match", "\"1.1\", " + now).is(200);
  }

  @Test
  void ifNoneMatchStar_onlyCreates() {
    String path = "/v1/state/demo/create-only";

    Answer created = node.put(path, "1", "If-None-Match", "*").is(201);
    Answer again = node.put(path, "2", "If-None-Match", "*");

    again.isProblem(412, "precondition-failed");
    assertThat(again.json().path("etag").asText()).isEqualTo(created.header("ETag"));
    assertThat(node.get(path).text()).isEqualTo("1");
    node.put("/v1/state/demo/absent", "1", "If-Match", "*").isProblem(412, "precondition-failed");
    node.get("/v1/state/demo/absent").isProblem(404, "unknown-key");
  }

  @Test
  void delete_endsTheEntryAndAnythingAfterwardsIsGone() {
    String path = "/v1/state/demo/delete";
    Answer created = node.put(path, "{\"n\":1}").is(201);

    Answer deleted = node.delete(path).is(200);

    assertThat(deleted.json().path("outcome").asText()).isEqualTo("deleted");
    assertThat(deleted.number("revision")).isEqualTo(2);
    Answer[] refusals = {
      node.get(path),
      node.get(path + "?view=entry"),
      node.merge(path, "{}"),
      node.touch(path + "/touch"),
      node.post(path + "/rollback", "{\"toRevision\":1}"),
      node.delete(path),
    };
    for (Answer refusal : refusals) {
      refusal.isProblem(410, "key-ended");
      assertThat(refusal.json().path("reason").asText()).isEqualTo("deleted");
      assertThat(refusal.number("incarnation")).isEqualTo(created.number("incarnation"));
      assertThat(refusal.instant("endedAt")).isAfterOrEqualTo(created.instant("createdAt"));
      assertThat(refusal.json().path("key").asText()).isEqualTo("delete");
      assertThat(refusal.json().path("namespace").asText()).isEqualTo("demo");
    }
    node.head(path).is(410);
  }

  @Test
  void creationAfterTheEnd_isAGreaterIncarnation() {
    String path = "/v1/state/demo/again";
    Answer first = node.put(path, "1").is(201);
    node.delete(path).is(200);

    Answer second = node.put(path, "2", "If-None-Match", "*").is(201);

    assertThat(second.number("incarnation")).isGreaterThan(first.number("incarnation"));
    assertThat(second.number("revision")).isEqualTo(1);
    assertThat(second.json().path("outcome").asText()).isEqualTo("created");
    assertThat(node.get(path).is(200).text()).isEqualTo("2");
  }

  @Test
  void unknownKey_isNotFoundForEveryOperationButPutAndIncrement() {
    String path = "/v1/state/demo/nobody";

    Answer[] refusals = {
      node.get(path),
      node.get(path + "/history"),
      node.get(path + "?revision=1"),
      node.merge(path, "{}"),
      node.jsonPatch(path, "[]"),
      node.touch(path + "/touch"),
      node.post(path + "/rollback", "{\"toRevision\":1}"),
      node.delete(path),
    };

    for (Answer refusal : refusals) {
      refusal.isProblem(404, "unknown-key");
    }
  }

  @Test
  void touch_renewsTheDeadlineAndRaisesTheRevision() {
    String path = "/v1/state/demo/touch";
    node.put(path + "?ttl=30s", "1").is(201);

    Answer asked = node.touch(path + "/touch?ttl=60s").is(200);
    Answer standard = node.touch(path + "/touch").is(200);

    assertThat(asked.json().path("outcome").asText()).isEqualTo("renewed");
    assertThat(asked.number("revision")).isEqualTo(2);
    assertThat(asked.instant("expiresAt")).isEqualTo(asked.instant("updatedAt").plusSeconds(60));
    assertThat(standard.number("revision")).isEqualTo(3);
    assertThat(standard.instant("expiresAt"))
        .isEqualTo(standard.instant("updatedAt").plusSeconds(900));
    assertThat(node.get(path).is(200).text()).isEqualTo("1");
  }

  @Test
  void increment_createsAndCounts() {
    String path = "/v1/state/demo/counter";

    Answer created = node.post(path + "/increment", "{\"by\":2,\"initial\":40,\"ttl\":\"60s\"}");
    Answer counted = node.post(path + "/increment", "{\"by\":-3,\"ttl\":\"90s\"}").is(200);

    created.is(201);
    assertThat(created.header("Location")).endsWith(path);
    assertThat(created.json().path("outcome").asText()).isEqualTo("created");
    assertThat(created.number("value")).isEqualTo(42);
    assertThat(created.instant("expiresAt"))
        .isEqualTo(created.instant("createdAt").plusSeconds(60));
    assertThat(counted.json().path("outcome").asText()).isEqualTo("incremented");
    assertThat(counted.number("value")).isEqualTo(39);
    assertThat(counted.number("revision")).isEqualTo(2);
    assertThat(counted.instant("expiresAt"))
        .isEqualTo(counted.instant("updatedAt").plusSeconds(90));
    assertThat(node.get(path).is(200).text()).isEqualTo("39");
  }

  @Test
  void expiry_isInTimeAndHappensOnce() {
    String path = "/v1/state/demo/expiry";
    Answer created = node.put(path + "?ttl=300ms", "1").is(201);

    Await.until("the end of " + path, () -> node.get(path).status() != 200);

    Answer gone = node.get(path).isProblem(410, "key-ended");
    assertThat(gone.json().path("reason").asText()).isEqualTo("expired");
    assertThat(gone.instant("endedAt")).isAfterOrEqualTo(created.instant("expiresAt"));
    assertThat(gone.number("incarnation")).isEqualTo(created.number("incarnation"));
    Await.until(
        "the ended event",
        () -> node.get(path + "/history").each("events", "event").contains("ended"));
    Answer history = node.get(path + "/history").is(200);
    assertThat(history.each("events", "event")).containsExactly("created", "ended");
    assertThat(history.each("events", "reason")).containsExactly("", "expired");
  }
}
