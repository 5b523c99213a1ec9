package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches, increments and preferences over HTTP. */
final class PatchApiTest {
  private static final String MAX = "18446744073709551615";

  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void mergePatch_mergesAndRemoves() {
    String path = "/v1/state/demo/merge";
    node.put(path, "{\"a\":1,\"b\":{\"c\":2,\"d\":3}}").is(201);

    Answer patched = node.merge(path, "{\"a\":null,\"b\":{\"c\":9}}").is(200);

    assertThat(patched.json().path("outcome").asText()).isEqualTo("patched");
    assertThat(patched.number("revision")).isEqualTo(2);
    assertThat(patched.header("ETag")).isEqualTo(patched.json().path("etag").asText());
    assertThat(patched.header("Mayfly-Durability")).isEqualTo("journaled");
    assertThat(node.get(path).text()).isEqualTo("{\"b\":{\"c\":9,\"d\":3}}");
  }

  @Test
  void jsonPatch_appliesEveryOperation() {
    String path = "/v1/state/demo/json";
    node.put(path, "{\"a\":1,\"list\":[1,2,3],\"x/y\":0}").is(201);

    node.jsonPatch(
            path,
            "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1},"
                + "{\"op\":\"add\",\"path\":\"/list/-\",\"value\":4},"
                + "{\"op\":\"remove\",\"path\":\"/list/0\"},"
                + "{\"op\":\"replace\",\"path\":\"/x~1y\",\"value\":7},"
                + "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"},"
                + "{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/c\"}]")
        .is(200);

    assertThat(node.get(path).json())
        .isEqualTo(tree("{\"list\":[2,3,4],\"x/y\":7,\"b\":1,\"c\":1}"));
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {
        "[{'op':'replace','path':'/a','value':2},{'op':'test','path':'/a','value':1}]",
        "[{'op':'remove','path':'/nothing'}]",
        "[{'op':'replace','path':'/nothing','value':1}]",
        "[{'op':'add','path':'/no/where','value':1}]",
        "[{'op':'add','path':'/l/9','value':1}]",
        "[{'op':'copy','from':'/nothing','path':'/b'}]",
        "[{'op':'remove','path':''}]",
      })
  void jsonPatchThatDoesNotApply_changesNothing(String patch) {
    String path = "/v1/state/demo/fails";
    node.put(path, "{\"a\":1,\"l\":[]}");
    String before = node.get(path).header("ETag");

    node.jsonPatch(path, patch.replace('\'', '"')).isProblem(409, "patch-failed");

    Answer after = node.get(path).is(200);
    assertThat(after.text()).isEqualTo("{\"a\":1,\"l\":[]}");
    assertThat(after.header("ETag")).isEqualTo(before);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {
        "{}",
        "[1]",
        "[{'op':'jump','path':'/a'}]",
        "[{'op':'add','value':1}]",
        "[{'op':'add','path':'/a'}]",
        "[{'op':'add','path':'a','value':1}]",
        "[{'op':'move','path':'/a'}]",
        "[{'op':'add','path':'/~2','value':1}]",
        "[",
        "",
      })
  void malformedJsonPatch_isRefused(String patch) {
    String path = "/v1/state/demo/malformed";
    node.put(path, "{\"a\":1}");

    node.jsonPatch(path, patch.replace('\'', '"')).isProblem(400, "malformed-body");
    node.merge(path, "{\"a\":").isProblem(400, "malformed-body");
  }

  @Test
  void patchThatGrowsBeyondTheLimitOnTheWay_isTooLarge() {
    String path = "/v1/state/demo/grows";
    String forty = "x".repeat(40_000);
    node.put(path, "{\"a\":\"" + forty + "\"}").is(201);

    node.jsonPatch(
            path,
            "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"},"
                + "{\"op\":\"remove\",\"path\":\"/b\"}]")
        .isProblem(413, "value-too-large");
    node.merge(path, "{\"b\":\"" + forty + "\"}").isProblem(413, "value-too-large");
    node.put(path, "\"" + forty + forty + "\"").isProblem(413, "value-too-large");

    assertThat(node.get(path).header("ETag")).endsWith(".1\"");
  }

  @Test
  void patchOfAnotherMediaType_namesThoseThatAreAccepted() {
    String path = "/v1/state/demo/types";
    node.put(path, "{}").is(201);

    Answer refused = node.patch(path, "application/xml", "<a/>");

    refused.isProblem(415, "unsupported-media-type");
    assertThat(refused.header("Accept-Patch"))
        .contains("application/merge-patch+json", "application/json-patch+json");
    node.patch(path, "application/json", "{}").isProblem(415, "unsupported-media-type");
  }

  @Test
  void patchThatChangesNothing_isUnchanged() {
    String path = "/v1/state/demo/unchanged";
    Answer created = node.put(path + "?ttl=60s", "{\"a\":1}").is(201);

    Answer[] answers = {
      node.merge(path, "{\"a\":1}"),
      node.merge(path, "{}"),
      node.jsonPatch(path, "[]"),
      node.jsonPatch(path, "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1}]"),
    };

    for (Answer answer : answers) {
      answer.is(200);
      assertThat(answer.json().path("outcome").asText()).isEqualTo("unchanged");
      assertThat(answer.header("ETag")).isEqualTo(created.header("ETag"));
      assertThat(answer.instant("expiresAt")).isEqualTo(created.instant("expiresAt"));
    }
    assertThat(node.get(path + "/history").json().path("events")).hasSize(1);
  }

  @Test
  void increment_isExactToTheEndOf64Bits() {
    String path = "/v1/state/demo/exact";
    node.put(path, "18446744073709551614").is(201);

    Answer last = node.post(path + "/increment", "{\"by\":1}").is(200);

    assertThat(last.json().path("value").asText()).isEqualTo(MAX);
    node.post(path + "/increment", "{\"by\":1}").isProblem(409, "number-out-of-range");
    assertThat(node.get(path).text()).isEqualTo(MAX);
    node.post(path + "/increment", "{\"by\":-9223372036854775808}").is(200);
    assertThat(node.get(path).text()).isEqualTo("9223372036854775807");
    node.put(path, "-9223372036854775808").is(200);
    node.post(path + "/increment", "{\"by\":-1}").isProblem(409, "number-out-of-range");
    node.post(path + "/increment", "{\"by\":" + MAX + "}").is(200);
    assertThat(node.get(path).text()).isEqualTo("9223372036854775807");
  }

  @Test
  void increment_ofDoublesAndOfOtherValues() {
    String path = "/v1/state/demo/double";
    node.put(path, "0.5").is(201);

    node.post(path + "/increment", "{\"by\":0.25}").is(200);

    assertThat(node.get(path).text()).isEqualTo("0.75");
    node.put(path, "1e308").is(200);
    node.post(path + "/increment", "{\"by\":1e308}").isProblem(409, "number-out-of-range");
    node.put(path, "\"1\"").is(200);
    node.post(path + "/increment", "{\"by\":1}").isProblem(409, "not-a-number");
    node.put(path, "{}").is(200);
    node.post(path + "/increment", "{\"by\":1}").isProblem(409, "not-a-number");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {
        "{'by':'x'}",
        "{'by':null}",
        "[]",
        "1",
        "{",
        "{'by':1,'ttl':'soon'}",
        "{'by':1,'ttl':5}",
        "{'by':1,'initial':'x'}"
      })
  void malformedIncrement_isRefused(String body) {
    Answer refused =
        node.post("/v1/state/demo/malformed-by/increment", body.replace('\'', '"')).is(400);

    assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    node.get("/v1/state/demo/malformed-by").isProblem(404, "unknown-key");
  }

  @Test
  void incrementOfAnEndedKey_isANewIncarnation() {
    String path = "/v1/state/demo/ended-counter";
    Answer first = node.post(path + "/increment", "{\"by\":1}").is(201);
    node.delete(path).is(200);

    Answer second = node.post(path + "/increment", "{\"by\":1,\"initial\":10}").is(201);

    assertThat(second.number("value")).isEqualTo(11);
    assertThat(second.number("incarnation")).isGreaterThan(first.number("incarnation"));
  }

  @Test
  void preferMinimal_answersWithoutBody() {
    String path = "/v1/state/demo/minimal";
    String[] minimal = {"Prefer", "return=minimal"};

    Answer created = node.put(path, "1", minimal).is(201);
    Answer replaced = node.put(path, "{}", minimal).is(204);
    Answer patched = node.merge(path, "{\"a\":1}", minimal).is(204);
    Answer touched = node.touch(path + "/touch", minimal).is(204);
    Answer deleted = node.delete(path, minimal).is(204);

    assertThat(created.header("Location")).endsWith(path);
    for (Answer answer : new Answer[] {created, replaced, patched, touched, deleted}) {
      assertThat(answer.bytes()).isEmpty();
      assertThat(answer.header("ETag")).isNotEmpty();
      assertThat(answer.header("Mayfly-Expires-At")).isNotEmpty();
      assertThat(answer.header("Mayfly-Durability")).isEqualTo("journaled");
    }
    node.post("/v1/state/demo/minimal-count/increment", "{\"by\":1}", minimal).is(201);
    node.post("/v1/state/demo/minimal-count/increment", "{\"by\":1}", minimal).is(204);
  }

  @Test
  void preferRepresentation_answersWithTheValue() {
    String path = "/v1/state/demo/representation";
    String[] representation = {"Prefer", "return=representation"};

    Answer created = node.put(path, "{\"a\":1}", representation).is(201);
    Answer patched = node.merge(path, "{\"b\":2}", representation).is(200);
    Answer touched = node.touch(path + "/touch", representation).is(200);

    assertThat(created.text()).isEqualTo("{\"a\":1}");
    assertThat(patched.text()).isEqualTo("{\"a\":1,\"b\":2}");
    assertThat(patched.header("ETag")).endsWith(".2\"");
    assertThat(touched.text()).isEqualTo("{\"a\":1,\"b\":2}");
  }

  private static JsonNode tree(String json) {
    try {
      return Answer.JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
