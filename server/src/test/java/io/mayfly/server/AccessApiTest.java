package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operation of the served document, with every right, in an own and in a foreign namespace,
 * with and without a token. The operations are read from the server, so that none is forgotten.
 */
final class AccessApiTest {
  private static final List<String> RIGHTS = List.of("read", "write", "admin");
  private static final Set<String> NEEDS = Set.of("none", "any", "read", "write", "admin");

  private static final TestTokens TOKENS =
      new TestTokens()
          .with("reader", List.of("own", "own-*"), "read")
          .with("writer", List.of("own", "own-*"), "write")
          .with("administrator", List.of("own", "own-*"), "admin");

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static TestNode node;

  /** One operation of the document. */
  private record Operation(String method, String template, String need) {
    boolean inNamespace() {
      return template.contains("{namespace}");
    }

    String path(String namespace) {
      return template.replace("{namespace}", namespace).replaceAll("\\{[a-z]+}", "some");
    }

    @Override
    public String toString() {
      return method + ' ' + template + " needs " + need;
    }
  }

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.configured(data, TOKENS.settings());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    JsonNode paths = node.get("/openapi.json").is(200).json().get("paths");
    paths
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        member -> {
                          if (!member.getKey().equals("parameters")) {
                            operations.add(
                                new Operation(
                                    member.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    member.getValue().path("x-mayfly-right").asText()));
                          }
                        }));
    return operations;
  }

  @TestFactory
  List<DynamicTest> operation_forEachCaller_isLetInAsDocumented() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Operation operation : operations()) {
      tests.add(DynamicTest.dynamicTest(operation.toString(), () -> check(operation)));
    }
    assertThat(tests).hasSizeGreaterThanOrEqualTo(13);
    return tests;
  }

  private static void check(Operation operation) throws IOException, InterruptedException {
    assertThat(NEEDS).contains(operation.need());
    boolean open = operation.need().equals("none");
    for (String namespace : List.of("own", "own-2", "foreign")) {
      String path = operation.path(namespace);
      String unknown = TOKENS.of("reader") + "x";

      assertThat(verdict(operation, path, null)).isEqualTo(open ? "in" : "unauthenticated");
      assertThat(verdict(operation, path, unknown)).isEqualTo(open ? "in" : "unauthenticated");
      assertThat(verdict(operation, path, "Basic cmVhZGVy"))
          .isEqualTo(open ? "in" : "unauthenticated");
      for (int i = 0; i < RIGHTS.size(); i++) {
        String caller = List.of("reader", "writer", "administrator").get(i);
        assertThat(verdict(operation, path, TOKENS.of(caller)))
            .as("%s by the %s in %s", operation, caller, namespace)
            .isEqualTo(expected(operation, RIGHTS.get(i), namespace));
      }
    }
  }

  private static String expected(Operation operation, String right, String namespace) {
    if (operation.need().equals("none") || operation.need().equals("any")) {
      return "in";
    }
    boolean place = !operation.inNamespace() || !namespace.equals("foreign");
    return place && operation.need().equals(right) ? "in" : "forbidden";
  }

  /** How a request was received: in, unauthenticated or forbidden. An endless answer is cut off. */
  private static String verdict(Operation operation, String path, @Nullable String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node.uri() + path))
            .method(
                operation.method(),
                operation.method().equals("GET")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString("{}"))
            .timeout(Duration.ofSeconds(20));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    HttpResponse<InputStream> response = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() == 401 || response.statusCode() == 403) {
        JsonNode problem = Answer.JSON.readTree(body);
        assertThat(problem.path("status").asInt()).isEqualTo(response.statusCode());
        assertThat(problem.toString()).doesNotContain("mayfly_");
        String type = problem.path("type").asText().replace("urn:mayfly:problem:", "");
        if (Set.of("unauthenticated", "forbidden").contains(type)) {
          assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
              .startsWith("Bearer ");
          return type;
        }
      }
      return "in";
    }
  }

  @Test
  void unknownPathAndMethod_withoutToken_areAnsweredAsEver() {
    node.get("/nothing").isProblem(404, "not-found");
    node.delete("/v1/state/own").isProblem(405, "method-not-allowed");
    node.send("OPTIONS", "/v1/state/own/key", BodyPublishers.noBody()).is(204);
    node.head("/v1/state/own/key").is(401);
  }

  @Test
  void history_ofAnEntry_namesTheCallerOfEachMutation() {
    node.put("/v1/state/own/told", "1", "Authorization", TOKENS.of("writer")).is(201);
    node.delete("/v1/state/own/told", "Authorization", TOKENS.of("writer")).is(200);

    Answer history = node.get("/v1/state/own/told/history", "Authorization", TOKENS.of("reader"));

    assertThat(history.each("events", "caller")).containsExactly("writer", "writer");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Content-Length: 300000", "Transfer-Encoding: chunked"})
  void connection_afterARefusedBody_isUsable(String framing) throws IOException {
    String content = "x".repeat(300_000);
    String body = framing.endsWith("chunked") ? "493e0\r\n" + content + "\r\n0\r\n\r\n" : content;

    List<Integer> statuses =
        RawConversation.statuses(
            node.uri(),
            RawConversation.request(
                "PUT /v1/state/own/refused HTTP/1.1",
                body.getBytes(StandardCharsets.US_ASCII),
                framing),
            RawConversation.request("GET /health/ready HTTP/1.1", new byte[0]),
            RawConversation.request(
                "GET /v1/state/own/refused HTTP/1.1",
                new byte[0],
                "Authorization: " + TOKENS.of("reader")));

    assertThat(statuses).containsExactly(401, 200, 404);
  }
}
