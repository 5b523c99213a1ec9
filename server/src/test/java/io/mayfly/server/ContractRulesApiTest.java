package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.testing.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of a contract on each path that can break it, as single calls and in batches. */
final class ContractRulesApiTest {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** What a request is, apart from where it goes. */
  private record Sent(
      String op, String value, @Nullable String ttl, @Nullable String fence, boolean batch) {

    static Sent parse(String text) {
      String value = "6";
      String ttl = null;
      String fence = null;
      String[] words = text.split(" ", -1);
      for (String word : words) {
        value = word.equals("big") ? "300" : value;
        ttl = word.startsWith("ttl=") ? word.substring(4) : ttl;
        fence = word.startsWith("fence=") ? word.substring(6) : fence;
      }
      return new Sent(words[0], value, ttl, fence, false);
    }

    Sent batched() {
      return new Sent(op, value, ttl, fence, true);
    }

    boolean creates() {
      return op.endsWith("-create");
    }

    String verb() {
      return op.replace("-create", "");
    }

    String key() {
      return creates() ? "fresh" : "standing";
    }

    /** The status and the problem's name, or the outcome. */
    String send(String namespace) {
      return batch ? inBatch(namespace) : alone(namespace);
    }

    private String alone(String namespace) {
      String path = "/v1/state/" + namespace + '/' + key();
      String query = ttl == null ? "" : "?ttl=" + ttl;
      List<String> headers = new ArrayList<>();
      if (fence != null) {
        headers.addAll(List.of("Mayfly-Fence", fence));
      }
      String[] names = headers.toArray(String[]::new);
      Answer answer =
          switch (verb()) {
            case "put" -> node.put(path + query, value, names);
            case "patch" -> node.merge(path + query, value, names);
            case "increment" ->
                node.post(path + "/increment" + query, "{\"by\":" + value + "}", names);
            case "touch" -> node.touch(path + "/touch" + query, names);
            case "delete" -> node.delete(path, names);
            case "rollback" -> node.post(path + "/rollback", "{\"toRevision\":1}", names);
            case "get" -> node.get(path, names);
            default -> throw new IllegalArgumentException(op);
          };
      return told(answer.status(), answer.status() == 204 ? null : answer.json());
    }

    private String inBatch(String namespace) {
      ObjectNode line = Answer.JSON.createObjectNode();
      line.put("op", verb()).put("namespace", namespace).put("key", key());
      switch (verb()) {
        case "put" -> line.put("value", Integer.parseInt(value));
        case "patch" -> line.put("patch", Integer.parseInt(value));
        case "increment" -> line.put("by", Integer.parseInt(value));
        default -> {}
      }
      if (ttl != null) {
        line.put("ttl", ttl);
      }
      if (fence != null) {
        line.put("fence", Long.parseLong(fence));
      }
      Answer answer =
          node.post("/v1/batch", line + "\n", "Content-Type", "application/x-ndjson").is(200);
      JsonNode one = answer.json();
      return told(
          one.path("status").asInt(), one.has("problem") ? one.get("problem") : one.get("receipt"));
    }

    private static String told(int status, @Nullable JsonNode body) {
      if (body == null) {
        return Integer.toString(status);
      }
      if (!body.path("type").isTextual()) {
        return status + " " + body.path("outcome").asText("-");
      }
      String name = body.path("type").asText().replace("urn:mayfly:problem:", "");
      String rule = body.path("errors").path(0).path("rule").asText("");
      return (status + " " + name + ' ' + rule).strip();
    }
  }

  /** A namespace with one standing entry: 1000, then 5, under a contract that comes after. */
  private static String namespace(String contract) {
    String namespace = "rules-" + NAMESPACES.incrementAndGet();
    node.put("/v1/state/" + namespace + "/standing?ttl=1h", "1000", "Mayfly-Fence", "7").is(201);
    node.put("/v1/state/" + namespace + "/standing", "5").is(200);
    if (!contract.isEmpty()) {
      node.put("/v1/contracts/" + namespace + "?force=true", contract).is(201);
    }
    return namespace;
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"mutation":{"writers":["cart"]}} | put-create       | 403 writer-not-allowed mutation.writers
          {"mutation":{"writers":["cart"]}} | put              | 403 writer-not-allowed mutation.writers
          {"mutation":{"writers":["cart"]}} | patch            | 403 writer-not-allowed mutation.writers
          {"mutation":{"writers":["cart"]}} | increment-create | 403 writer-not-allowed mutation.writers
          {"mutation":{"writers":["cart"]}} | increment        | 403 writer-not-allowed mutation.writers
          {"mutation":{"writers":["cart"]}} | touch            | 403 writer-not-allowed mutation.writers
          {"mutation":{"writers":["cart"]}} | delete           | 403 writer-not-allowed mutation.writers
          {"mutation":{"writers":["cart"]}} | rollback         | 403 writer-not-allowed mutation.writers
          {"mutation":{"writers":["cart"]}} | get              | 200 -
          {"mutation":{"transitions":{"create":"off"}}}    | put-create       | 403 transition-disabled mutation.transitions.create
          {"mutation":{"transitions":{"create":"off"}}}    | increment-create | 403 transition-disabled mutation.transitions.create
          {"mutation":{"transitions":{"create":"off"}}}    | put              | 200 replaced
          {"mutation":{"transitions":{"replace":"off"}}}   | put              | 403 transition-disabled mutation.transitions.replace
          {"mutation":{"transitions":{"replace":"off"}}}   | put-create       | 201 created
          {"mutation":{"transitions":{"patch":"off"}}}     | patch            | 403 transition-disabled mutation.transitions.patch
          {"mutation":{"transitions":{"increment":"off"}}} | increment        | 403 transition-disabled mutation.transitions.increment
          {"mutation":{"transitions":{"increment":"off"}}} | increment-create | 403 transition-disabled mutation.transitions.increment
          {"mutation":{"transitions":{"touch":"off"}}}     | touch            | 403 transition-disabled mutation.transitions.touch
          {"mutation":{"transitions":{"delete":"off"}}}    | delete           | 403 transition-disabled mutation.transitions.delete
          {"mutation":{"transitions":{"rollback":"off"}}}  | rollback         | 403 transition-disabled mutation.transitions.rollback
          {"mutation":{"transitions":{"create":"shadow"}}}    | put-create       | 202 shadowed
          {"mutation":{"transitions":{"create":"shadow"}}}    | increment-create | 202 shadowed
          {"mutation":{"transitions":{"replace":"shadow"}}}   | put              | 202 shadowed
          {"mutation":{"transitions":{"patch":"shadow"}}}     | patch            | 202 shadowed
          {"mutation":{"transitions":{"increment":"shadow"}}} | increment        | 202 shadowed
          {"mutation":{"transitions":{"touch":"shadow"}}}     | touch            | 202 shadowed
          {"mutation":{"transitions":{"delete":"shadow"}}}    | delete           | 202 shadowed
          {"mutation":{"transitions":{"rollback":"shadow"}}}  | rollback         | 202 shadowed
          {"mutation":{"transitions":{"replace":"shadow"}},"limits":{"valueBytes":2}} | put big | 413 value-too-large limits.valueBytes
          {"mutation":{"precondition":"required"}} | put-create       | 428 precondition-required
          {"mutation":{"precondition":"required"}} | put              | 428 precondition-required
          {"mutation":{"precondition":"required"}} | patch            | 428 precondition-required
          {"mutation":{"precondition":"required"}} | increment-create | 428 precondition-required
          {"mutation":{"precondition":"required"}} | increment        | 428 precondition-required
          {"mutation":{"precondition":"required"}} | touch            | 428 precondition-required
          {"mutation":{"precondition":"required"}} | delete           | 428 precondition-required
          {"mutation":{"precondition":"required"}} | rollback         | 428 precondition-required
          {"mutation":{"fence":"required"}} | put-create       | 428 fence-required
          {"mutation":{"fence":"required"}} | put              | 428 fence-required
          {"mutation":{"fence":"required"}} | patch            | 428 fence-required
          {"mutation":{"fence":"required"}} | increment-create | 428 fence-required
          {"mutation":{"fence":"required"}} | increment        | 428 fence-required
          {"mutation":{"fence":"required"}} | touch            | 428 fence-required
          {"mutation":{"fence":"required"}} | delete           | 428 fence-required
          {"mutation":{"fence":"required"}} | rollback         | 428 fence-required
          {"mutation":{"fence":"required"}} | put fence=8      | 200 replaced
          {} | put fence=6       | 412 stale-fence fence
          {} | patch fence=6     | 412 stale-fence fence
          {} | increment fence=6 | 412 stale-fence fence
          {} | touch fence=6     | 412 stale-fence fence
          {} | delete fence=6    | 412 stale-fence fence
          {} | rollback fence=6  | 412 stale-fence fence
          {} | put fence=7       | 200 replaced
          {"limits":{"valueBytes":2}} | put-create big       | 413 value-too-large limits.valueBytes
          {"limits":{"valueBytes":2}} | put big              | 413 value-too-large limits.valueBytes
          {"limits":{"valueBytes":2}} | patch big            | 413 value-too-large limits.valueBytes
          {"limits":{"valueBytes":2}} | increment-create big | 413 value-too-large limits.valueBytes
          {"limits":{"valueBytes":2}} | increment big        | 413 value-too-large limits.valueBytes
          {"limits":{"valueBytes":2}} | rollback             | 413 value-too-large limits.valueBytes
          {"schema":{"type":"number","maximum":100}} | put-create big       | 422 contract-violation schema
          {"schema":{"type":"number","maximum":100}} | put big              | 422 contract-violation schema
          {"schema":{"type":"number","maximum":100}} | patch big            | 422 contract-violation schema
          {"schema":{"type":"number","maximum":100}} | increment-create big | 422 contract-violation schema
          {"schema":{"type":"number","maximum":100}} | increment big        | 422 contract-violation schema
          {"schema":{"type":"number","maximum":100}} | rollback             | 422 contract-violation schema
          {"schema":{"type":"number","maximum":100}} | put                  | 200 replaced
          {"lifetime":{"max":"1h"}} | put-create ttl=2h       | 422 contract-violation lifetime.max
          {"lifetime":{"max":"1h"}} | put ttl=2h              | 422 contract-violation lifetime.max
          {"lifetime":{"max":"1h"}} | patch ttl=2h            | 422 contract-violation lifetime.max
          {"lifetime":{"max":"1h"}} | increment-create ttl=2h | 422 contract-violation lifetime.max
          {"lifetime":{"max":"1h"}} | increment ttl=2h        | 422 contract-violation lifetime.max
          {"lifetime":{"max":"1h"}} | touch ttl=2h            | 422 contract-violation lifetime.max
          {"lifetime":{"min":"1m"}} | put-create ttl=1s       | 422 contract-violation lifetime.min
          {"lifetime":{"min":"1m"}} | put ttl=1s              | 422 contract-violation lifetime.min
          {"lifetime":{"min":"1m"}} | patch ttl=1s            | 422 contract-violation lifetime.min
          {"lifetime":{"min":"1m"}} | increment-create ttl=1s | 422 contract-violation lifetime.min
          {"lifetime":{"min":"1m"}} | increment ttl=1s        | 422 contract-violation lifetime.min
          {"lifetime":{"min":"1m"}} | touch ttl=1s            | 422 contract-violation lifetime.min
          {"lifetime":{"renewal":"fixed"}} | put ttl=2h        | 422 contract-violation lifetime.renewal
          {"lifetime":{"renewal":"fixed"}} | patch ttl=2h      | 422 contract-violation lifetime.renewal
          {"lifetime":{"renewal":"fixed"}} | increment ttl=2h  | 422 contract-violation lifetime.renewal
          {"lifetime":{"renewal":"fixed"}} | touch             | 422 contract-violation lifetime.renewal
          {"lifetime":{"renewal":"fixed"}} | put               | 200 replaced
          {"lifetime":{"total":"2h","max":"2h"}} | put-create ttl=3h | 422 contract-violation lifetime.max
          {"lifetime":{"total":"2h"}} | put-create ttl=3h      | 422 contract-violation lifetime.total
          {"lifetime":{"total":"2h"}} | put ttl=3h             | 422 contract-violation lifetime.total
          {"lifetime":{"total":"2h"}} | patch ttl=3h           | 422 contract-violation lifetime.total
          {"lifetime":{"total":"2h"}} | increment ttl=3h       | 422 contract-violation lifetime.total
          {"lifetime":{"total":"2h"}} | touch ttl=3h           | 422 contract-violation lifetime.total
          {"limits":{"keys":1}} | put-create       | 422 contract-violation limits.keys
          {"limits":{"keys":1}} | increment-create | 422 contract-violation limits.keys
          {"limits":{"keys":1}} | put              | 200 replaced
          {"reconciliation":{"ordering":"sequence"}}       | put    | 428 precondition-required reconciliation.ordering
          """)
  void rule_onAPath_answers(String contract, String sent, String answer) {
    Sent request = Sent.parse(sent);

    assertThat(request.send(namespace(contract))).isEqualTo(answer);
    if (!request.op().equals("rollback")) {
      assertThat(request.batched().send(namespace(contract))).as("in a batch").isEqualTo(answer);
    }
  }

  @Test
  void shadow_changesNothing() {
    String namespace =
        namespace(
            "{\"mutation\":{\"transitions\":{\"replace\":\"shadow\",\"create\":\"shadow\"}}}");
    String standing = "/v1/state/" + namespace + "/standing";
    String before = node.get(standing + "?view=entry").text();

    node.put(standing, "9", "Mayfly-Fence", "99", "Idempotency-Key", "once").is(202);
    node.put("/v1/state/" + namespace + "/fresh", "9").is(202);

    assertThat(node.get(standing + "?view=entry").text()).isEqualTo(before);
    node.get("/v1/state/" + namespace + "/fresh").isProblem(404, "unknown-key");
    node.put(standing, "9", "Mayfly-Fence", "8").is(202);
    Await.until(
        "the shadowed mutations are counted",
        () ->
            node.get("/metrics")
                .text()
                .lines()
                .anyMatch(
                    line ->
                        line.startsWith("mayfly_mutations_shadowed_total")
                            && line.contains(namespace)
                            && line.contains("\"replace\"")
                            && line.endsWith(" 2.0")));
  }

  @Test
  void rate_beyondTheLimit_isRefusedWithAWait() {
    String namespace = namespace("{\"limits\":{\"ratePerSecond\":2}}");
    String standing = "/v1/state/" + namespace + "/standing";

    Answer last = node.get(standing);
    for (int i = 0; i < 50 && last.status() == 200; i++) {
      last = node.get(standing);
    }

    last.isProblem(429, "rate-exceeded");
    assertThat(last.json().path("retryAfterMs").asLong()).isBetween(1L, 2_000L);
    assertThat(last.header("Retry-After")).isIn("1", "2");
  }

  @Test
  void fullVolatileNamespace_evictsTheEntryThatEndsSoonest() {
    String namespace = "rules-" + NAMESPACES.incrementAndGet();
    node.put("/v1/contracts/" + namespace, "{\"durability\":\"volatile\",\"limits\":{\"keys\":2}}");
    node.put("/v1/state/" + namespace + "/a?ttl=2h", "1").is(201);
    node.put("/v1/state/" + namespace + "/b?ttl=1h", "1").is(201);

    node.put("/v1/state/" + namespace + "/c?ttl=3h", "1").is(201);

    Await.until(
        "the entry that ends soonest is evicted",
        () -> node.get("/v1/state/" + namespace + "/b").status() == 410);
    Answer evicted = node.get("/v1/state/" + namespace + "/b");
    assertThat(evicted.json().path("reason").asText()).isEqualTo("evicted");
    node.get("/v1/state/" + namespace + "/a").is(200);
  }
}
