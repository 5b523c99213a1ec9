package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.Violation;
import io.mayfly.protocol.pressure.Fill;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EntryApiTest {
  private static final String HELLO = "/v1/state/demo/hello";
  private static final String TAG = "\"1767225600000.1\"";
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String IDENTITY =
      "{\"namespace\":\"demo\",\"key\":\"hello\",\"incarnation\":1767225600000,\"revision\":1,"
          + "\"etag\":\"\\\"1767225600000.1\\\"\",";
  private static final String DATES =
      "\"createdAt\":\"2026-01-01T00:00:00.000Z\",\"updatedAt\":\"2026-01-01T00:00:00.000Z\","
          + "\"expiresAt\":\"2026-01-01T00:00:30.000Z\",\"durability\":\"journaled\",";

  private TestServer server;

  @BeforeAll
  void start() {
    server = TestServer.start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void clear() {
    server.entries.clear();
    server.ready.set(true);
    server.now.set(TestServer.START);
  }

  private HttpRequest.Builder patch(String type, String body) {
    return server
        .to(HELLO)
        .header("Content-Type", type)
        .method("PATCH", HttpRequest.BodyPublishers.ofString(body));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void put_ofNewKey_answersCreatedWithReceipt() {
    HttpResponse<String> response = server.put(HELLO + "?ttl=30s", "{\"hello\":\"world\"}");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo(IDENTITY + DATES + "\"outcome\":\"created\"}");
    assertThat(header(response, "location")).isEqualTo(HELLO);
    assertThat(header(response, "etag")).isEqualTo(TAG);
    assertThat(header(response, "mayfly-expires-at")).isEqualTo("2026-01-01T00:00:30.000Z");
    assertThat(header(response, "mayfly-durability")).isEqualTo("journaled");
    assertThat(header(response, "cache-control")).isEqualTo("no-cache");
    assertThat(header(response, "vary")).isEqualTo("Accept");
    assertThat(header(response, "content-type")).isEqualTo("application/json");
  }

  @Test
  void put_ofLiveKey_answersReplacedWithoutLocation() {
    server.put(HELLO, "1");

    HttpResponse<String> response = server.put(HELLO, "2");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"revision\":2").contains("\"outcome\":\"replaced\"");
    assertThat(response.headers().firstValue("location")).isEmpty();
  }

  @Test
  void put_withDefaultTypeOfCurl_readsJson() {
    HttpResponse<String> response =
        server.send(
            server
                .to(HELLO)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .PUT(HttpRequest.BodyPublishers.ofString("[1]")));

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(server.get(HELLO).body()).isEqualTo("[1]");
  }

  @Test
  void get_ofLiveKey_answersTheBareValue() {
    server.put(HELLO, "{ \"hello\" : \"world\" }");

    HttpResponse<String> response = server.get(HELLO);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"hello\":\"world\"}");
    assertThat(header(response, "etag")).isEqualTo(TAG);
    assertThat(header(response, "mayfly-expires-at")).isEqualTo("2026-01-01T00:15:00.000Z");
    assertThat(header(response, "cache-control")).isEqualTo("no-cache");
    assertThat(header(response, "vary")).isEqualTo("Accept");
  }

  @Test
  void get_withViewEntry_answersTheWholeEntry() {
    server.put(HELLO + "?ttl=30s", "[1,2]");

    HttpResponse<String> response = server.get(HELLO + "?view=entry&unknown=ignored");

    assertThat(response.body()).isEqualTo(IDENTITY + DATES + "\"value\":[1,2]}");
  }

  @Test
  void head_ofLiveKey_answersTheHeadersOfGet() {
    server.put(HELLO, "[1,2]");

    HttpResponse<String> response =
        server.send(server.to(HELLO).method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(header(response, "content-length")).isEqualTo("5");
    assertThat(header(response, "etag")).isEqualTo(TAG);
  }

  @Test
  void get_ofOlderRevision_answersThatValue() {
    server.put(HELLO, "1");
    server.put(HELLO, "2");

    assertThat(server.get(HELLO + "?revision=1").body()).isEqualTo("1");
    assertThat(server.get(HELLO + "?revision=9").statusCode()).isEqualTo(404);
  }

  @Test
  void get_ofCbor_answersTheStoredBytes() {
    server.put(HELLO, "{\"a\":18446744073709551615}");

    HttpResponse<byte[]> response =
        server.sendForBytes(server.to(HELLO).header("Accept", "application/cbor"));

    assertThat(header(response, "content-type")).isEqualTo("application/cbor");
    assertThat(response.body()).isEqualTo(HexFormat.of().parseHex("bf61611bffffffffffffffffff"));
  }

  @Test
  void put_ofCbor_answersReceiptInCborWhenAccepted() {
    HttpResponse<byte[]> response =
        server.sendForBytes(
            server
                .to(HELLO)
                .header("Content-Type", "application/cbor")
                .header("Accept", "application/cbor;q=0.9, application/json;q=0.1")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[] {0x43, 1, 2, 3})));

    assertThat(header(response, "content-type")).isEqualTo("application/cbor");
    assertThat(response.body()[0]).isEqualTo((byte) 0xBF);
    assertThat(server.get(HELLO).body()).isEqualTo("\"AQID\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*|application/json",
        "application/*|application/json",
        "application/cbor, */*|application/cbor",
        "application/cbor, application/json|application/json",
        "application/json;q=0.5, application/cbor|application/cbor",
        "application/json;q=0, */*|application/cbor",
        "text/html, */*;q=0.1|application/json",
        "APPLICATION/JSON; charset=utf-8|application/json",
      })
  void get_withAccept_answersTheBestRepresentation(String accept, String type) {
    server.put(HELLO, "1");

    HttpResponse<byte[]> response = server.sendForBytes(server.to(HELLO).header("Accept", accept));

    assertThat(header(response, "content-type")).isEqualTo(type);
  }

  @Test
  void get_withIfNoneMatch_answersNotModified() {
    server.put(HELLO, "1");

    for (String tags : List.of(TAG, "W/" + TAG, "*", "\"x\", " + TAG)) {
      HttpResponse<String> response = server.send(server.to(HELLO).header("If-None-Match", tags));

      assertThat(response.statusCode()).as(tags).isEqualTo(304);
      assertThat(response.body()).isEmpty();
      assertThat(header(response, "etag")).isEqualTo(TAG);
      assertThat(header(response, "mayfly-expires-at")).isNotEmpty();
      assertThat(header(response, "cache-control")).isEqualTo("no-cache");
      assertThat(header(response, "vary")).isEqualTo("Accept");
    }
  }

  @Test
  void get_withIfMatchOfAnother_failsWithTheCurrentTag() {
    server.put(HELLO, "1");

    HttpResponse<String> response =
        server.send(server.to(HELLO).header("If-Match", "W/" + TAG + ", \"1.1\""));

    assertThat(response.statusCode()).isEqualTo(412);
    assertThat(response.body()).contains("\"etag\":\"\\\"1767225600000.1\\\"\"");
  }

  @Test
  void put_withIfNoneMatchAny_onlyCreates() {
    server.put(HELLO, "1");

    HttpResponse<String> response =
        server.send(
            server
                .to(HELLO)
                .header("If-None-Match", "*")
                .PUT(HttpRequest.BodyPublishers.ofString("2")));

    assertThat(response.statusCode()).isEqualTo(412);
    assertThat(response.body())
        .isEqualTo(
            "{\"type\":\"urn:mayfly:problem:precondition-failed\","
                + "\"title\":\"A precondition failed\",\"status\":412,"
                + "\"detail\":\"The entry is not in the version that the request names.\","
                + IDENTITY.substring(1)
                + "\"expiresAt\":\"2026-01-01T00:15:00.000Z\",\"retryable\":false}");
  }

  @Test
  void put_withPreferMinimal_answersWithoutABody() {
    HttpRequest.Builder request =
        server
            .to(HELLO)
            .header("Prefer", "return=minimal")
            .PUT(HttpRequest.BodyPublishers.ofString("1"));

    HttpResponse<String> created = server.send(request);
    HttpResponse<String> replaced = server.send(request);

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.body()).isEmpty();
    assertThat(header(created, "location")).isEqualTo(HELLO);
    assertThat(header(created, "preference-applied")).isEqualTo("return=minimal");
    assertThat(replaced.statusCode()).isEqualTo(204);
    assertThat(header(replaced, "etag")).isEqualTo("\"1767225600000.2\"");
  }

  @Test
  void put_withPreferRepresentation_answersTheValue() {
    HttpResponse<String> response =
        server.send(
            server
                .to(HELLO)
                .header("Prefer", "respond-async, return=representation")
                .PUT(HttpRequest.BodyPublishers.ofString("{ }")));

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("{}");
    assertThat(header(response, "preference-applied")).isEqualTo("return=representation");
    assertThat(header(response, "mayfly-durability")).isEqualTo("journaled");
  }

  @Test
  void put_withTerms_passesThemOn() {
    server.send(
        server
            .to(HELLO + "?expires-at=2026-01-01T02:00:00.5%2B01:00&not-before=2026-01-01T00:30:00Z")
            .header("Mayfly-Producer", "cart-svc")
            .header("Mayfly-Timeout", "250ms")
            .header("traceparent", TRACE)
            .header("If-Match", "*")
            .PUT(HttpRequest.BodyPublishers.ofString("1")));

    EntryCommand.Put put = server.entries.last(EntryCommand.Put.class);
    assertThat(put.notBefore()).isEqualTo(Instant.parse("2026-01-01T00:30:00Z"));
    assertThat(put.terms().lifespan().expiresAt())
        .isEqualTo(Instant.parse("2026-01-01T01:00:00.500Z"));
    assertThat(put.terms().origin().producer()).isEqualTo("cart-svc");
    assertThat(put.terms().origin().traceparent()).isEqualTo(TRACE);
    assertThat(put.terms().precondition().ifMatch()).isEqualTo(Precondition.Tags.ANY);
    assertThat(server.entries.lastTimeout())
        .as("what is left of the time that the request names")
        .isBetween(Duration.ofMillis(1), Duration.ofMillis(250));
  }

  @Test
  void timeout_beyondTheCap_isCut() {
    server.send(server.to(HELLO).header("Mayfly-Timeout", "1h"));

    assertThat(server.entries.lastTimeout())
        .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
  }

  @Test
  void traceparent_thatIsInvalid_isIgnored() {
    for (String invalid :
        List.of(
            "ff" + TRACE.substring(2),
            TRACE.toUpperCase(Locale.ROOT),
            TRACE + "-x",
            TRACE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32)),
            "x")) {
      server.send(
          server
              .to(HELLO)
              .header("traceparent", invalid)
              .PUT(HttpRequest.BodyPublishers.ofString("1")));

      EntryCommand.Put put = server.entries.last(EntryCommand.Put.class);
      assertThat(put.terms().origin().traceparent()).as(invalid).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a/b",
        "a//b",
        "/",
        "😀",
        "a+b",
        "a?b",
        "a#b",
        "a;b",
        "a%b",
        "%2F",
        "ä",
        "...",
        "a&b=c",
        "\"",
        "\\",
        "~",
        "key.with.dots",
        "\u2028",
        "{}",
        "[]|^`",
        "a:b@c!$'()*,"
      })
  void key_withStrangeCharacters_isOneSegment(String key) {
    String path = "/v1/state/demo/" + PercentCoding.encodeSegment(key);

    HttpResponse<String> created = server.put(path, "1");

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(header(created, "location")).isEqualTo(path);
    assertThat(server.entries.lastId().key()).isEqualTo(key);
    assertThat(server.get(path).body()).isEqualTo("1");
    assertThat(server.get(path + "/history").statusCode()).isEqualTo(200);
  }

  @Test
  void key_ofMoreThan512Bytes_isRefused() {
    String longest = "%C3%A4".repeat(256);

    assertThat(server.put("/v1/state/demo/" + longest, "1").statusCode()).isEqualTo(201);
    assertThat(server.put("/v1/state/demo/" + longest + "x", "1").statusCode()).isEqualTo(400);
  }

  @Test
  void get_ofUnknownKey_isAProblem() {
    HttpResponse<String> response =
        server.send(
            server.to(HELLO).header("Accept", "application/cbor").header("traceparent", TRACE));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
    assertThat(response.body())
        .isEqualTo(
            "{\"type\":\"urn:mayfly:problem:unknown-key\",\"title\":\"The key is unknown\","
                + "\"status\":404,\"detail\":\"There is no entry under this key.\","
                + "\"namespace\":\"demo\",\"key\":\"hello\",\"retryable\":false,"
                + "\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}");
  }

  @Test
  void delete_ofLiveKey_answersReceiptAndTheKeyIsGone() {
    server.put(HELLO, "1");
    server.now.set(TestServer.START.plusMillis(1500));

    HttpResponse<String> response = server.send(server.to(HELLO).DELETE());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"outcome\":\"deleted\"").contains("\"revision\":2");
    HttpResponse<String> gone = server.get(HELLO);
    assertThat(gone.statusCode()).isEqualTo(410);
    assertThat(gone.body())
        .contains("\"reason\":\"deleted\"")
        .contains("\"endedAt\":\"2026-01-01T00:00:01.500Z\"")
        .contains("\"incarnation\":1767225600000");
  }

  @Test
  void get_beforeNotBefore_tellsWhenToComeBack() {
    server.put(HELLO + "?not-before=2026-01-01T00:00:10.250Z&ttl=1m", "1");

    HttpResponse<String> response = server.get(HELLO);

    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(header(response, "retry-after")).isEqualTo("11");
    assertThat(response.body())
        .contains("urn:mayfly:problem:not-yet-valid")
        .contains("\"validFrom\":\"2026-01-01T00:00:10.250Z\"")
        .contains("\"retryable\":true")
        .contains("\"retryAfterMs\":10250");
  }

  @ParameterizedTest
  @EnumSource(Refusal.Reason.class)
  void refusal_ofEachReason_isItsProblem(Refusal.Reason reason) {
    Refusal refusal =
        new Refusal(
            reason,
            new Version(5, 2),
            TestServer.START,
            TestServer.START,
            EndReason.EXPIRED,
            List.of(new Violation("lifetime.max", "", "It is too long.")),
            Duration.ofMillis(700),
            null,
            null,
            new Fill(3, 4));
    server.entries.script(refusal);

    HttpResponse<String> response = server.get(HELLO);

    assertThat(response.statusCode()).isEqualTo(Refusals.type(reason).status());
    assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
    assertThat(header(response, "retry-after")).isIn("1", "2");
    assertThat(response.body())
        .contains(Refusals.type(reason).urn())
        .contains("\"etag\":\"\\\"5.2\\\"\"")
        .contains(
            "\"errors\":[{\"pointer\":\"\",\"rule\":\"lifetime.max\","
                + "\"detail\":\"It is too long.\"}]");
  }

  @Test
  void failure_ofThePort_isAnInternalErrorWithoutATrace() {
    server.entries.script(
        CompletableFuture.failedFuture(new IllegalStateException("expected by the test")));

    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(Seen.class);
    logger.addAppender(log);
    HttpResponse<String> response;
    try {
      response = server.send(server.to(HELLO).header("traceparent", TRACE).GET());
    } finally {
      logger.detachAppender(log);
    }

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).contains("internal-error").doesNotContain("expected by the test");
    assertThat(log.list).hasSize(1);
    assertThat(log.list.get(0).getKeyValuePairs())
        .extracting(pair -> pair.key + '=' + pair.value)
        .containsExactly(
            "operation=getEntry",
            "namespace=demo",
            "key=hello",
            "traceId=4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void reply_ofAnotherKind_isAnInternalError() {
    server.entries.script(EntryReply.Settled.INSTANCE);

    assertThat(server.get(HELLO).statusCode()).isEqualTo(500);
  }

  @Test
  void patch_ofEachType_isPassedOn() {
    server.put(HELLO, "{\"a\":1}");

    HttpResponse<String> merged =
        server.send(patch("application/merge-patch+json", "{\"a\":null}"));
    assertThat(merged.statusCode()).isEqualTo(200);
    assertThat(server.entries.last(EntryCommand.Patch.class).change())
        .isInstanceOf(Change.MergePatch.class);

    HttpResponse<String> json =
        server.send(
            patch(
                "application/json-patch+json; charset=UTF-8",
                "[{\"value\":[1],\"x\":{},\"op\":\"add\",\"path\":\"/a~1b/~0/\"},"
                    + "{\"op\":\"move\",\"from\":\"\",\"path\":\"/c\"},"
                    + "{\"op\":\"test\",\"path\":\"\",\"value\":null}]"));
    assertThat(json.statusCode()).isEqualTo(200);
    assertThat(server.entries.last(EntryCommand.Patch.class).change())
        .isEqualTo(
            new Change.JsonPatch(
                List.of(
                    new Change.Operation(
                        Change.Verb.ADD,
                        List.of("a/b", "~", ""),
                        null,
                        new Value(new byte[] {(byte) 0x9F, 1, (byte) 0xFF})),
                    new Change.Operation(Change.Verb.MOVE, List.of("c"), List.of(), null),
                    new Change.Operation(
                        Change.Verb.TEST, List.of(), null, new Value(new byte[] {(byte) 0xF6})))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|",
        "[1]|/0",
        "[{\"op\":\"add\",\"value\":1}]|/0/path",
        "[{\"path\":\"\"}]|/0/op",
        "[{\"op\":\"jump\",\"path\":\"\"}]|/0/op",
        "[{\"op\":1,\"path\":\"\"}]|/0/op",
        "[{\"op\":\"add\",\"path\":\"\"}]|/0/value",
        "[{\"op\":\"copy\",\"path\":\"\"}]|/0/from",
        "[{\"op\":\"remove\",\"path\":\"\"},{\"op\":\"remove\",\"path\":\"a\"}]|/1/path",
        "[{\"op\":\"remove\",\"path\":\"/a~2\"}]|/0/path",
        "[{\"op\":\"remove\",\"path\":\"/a~\"}]|/0/path",
        "[{\"op\":\"move\",\"path\":\"\",\"from\":\"x\"}]|/0/from",
      })
  void jsonPatch_thatIsWrong_isMalformedAtItsPlace(String body, String pointer) {
    HttpResponse<String> response = server.send(patch("application/json-patch+json", body));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("malformed-body")
        .contains("\"pointer\":\"" + (pointer == null ? "" : pointer) + "\"");
  }

  @Test
  void jsonPatch_ofTooManyOperations_isMalformed() {
    String operation = "{\"op\":\"remove\",\"path\":\"\"}";

    HttpResponse<String> response =
        server.send(
            patch(
                "application/json-patch+json",
                "[" + (operation + ",").repeat(10_000) + operation + "]"));

    assertThat(response.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/cbor",
        "text/plain",
        "application/merge-patch+cbor"
      })
  void patch_ofAnotherType_namesThoseAccepted(String type) {
    HttpResponse<String> response = server.send(patch(type, "{}"));

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(header(response, "accept-patch"))
        .isEqualTo("application/merge-patch+json, application/json-patch+json");
  }

  @Test
  void increment_ofAbsentKey_answersReceiptWithValue() {
    HttpResponse<String> response =
        server.post(HELLO + "/increment", "{\"by\":5,\"initial\":2,\"ttl\":\"30s\"}");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body())
        .isEqualTo(IDENTITY + DATES + "\"outcome\":\"created\",\"value\":5}");
    EntryCommand.Increment increment = server.entries.last(EntryCommand.Increment.class);
    assertThat(increment.initial()).isEqualTo(new Value(new byte[] {2}));
    assertThat(increment.terms().lifespan().ttl()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void increment_withoutBody_addsOne() {
    assertThat(server.post(HELLO + "/increment", "").statusCode()).isEqualTo(201);
    assertThat(server.entries.last(EntryCommand.Increment.class).by())
        .isEqualTo(new Value(new byte[] {1}));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]|",
        "{\"by\":\"1\"}|/by",
        "{\"by\":null}|/by",
        "{\"initial\":{}}|/initial",
        "{\"ttl\":30}|/ttl",
        "{\"ttl\":\"soon\"}|/ttl",
        "{\"a/b\":1}|/a~1b",
      })
  void increment_withWrongBody_isMalformedAtItsPlace(String body, String pointer) {
    HttpResponse<String> response = server.post(HELLO + "/increment", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("\"pointer\":\"" + (pointer == null ? "" : pointer) + "\"");
  }

  @Test
  void increment_withTwoLifespans_isRefused() {
    assertThat(server.post(HELLO + "/increment?ttl=1s", "{\"ttl\":\"1s\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void touch_withTtl_renewsTheDeadline() {
    server.put(HELLO, "1");

    HttpResponse<String> response = server.post(HELLO + "/touch?ttl=1h", "");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("\"outcome\":\"renewed\"")
        .contains("\"expiresAt\":\"2026-01-01T01:00:00.000Z\"");
  }

  @Test
  void rollback_toKeptRevision_makesANewOne() {
    server.put(HELLO, "1");
    server.put(HELLO, "2");

    HttpResponse<String> response = server.post(HELLO + "/rollback", "{\"toRevision\":1}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"outcome\":\"rolled-back\"").contains("\"revision\":3");
    assertThat(server.get(HELLO).body()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"toRevision\":0}",
        "{\"toRevision\":1.0}",
        "{\"toRevision\":\"1\"}",
        "{\"toRevision\":9007199254740992}",
        "{\"toRevision\":99999999999999999999}",
        "{\"toRevision\":1,\"x\":1}"
      })
  void rollback_withWrongBody_isMalformed(String body) {
    assertThat(server.post(HELLO + "/rollback", body).statusCode()).isEqualTo(400);
  }

  @Test
  void history_ofKey_tellsItsStory() {
    server.put(HELLO + "?ttl=30s", "1");
    server.send(server.to(HELLO).DELETE());

    HttpResponse<String> response = server.get(HELLO + "/history?limit=5");

    assertThat(response.body())
        .isEqualTo(
            "{\"events\":[{\"incarnation\":1767225600000,\"revision\":1,"
                + "\"at\":\"2026-01-01T00:00:00.000Z\",\"event\":\"created\","
                + "\"outcome\":\"created\",\"expiresAt\":\"2026-01-01T00:00:30.000Z\"},"
                + "{\"incarnation\":1767225600000,\"revision\":2,"
                + "\"at\":\"2026-01-01T00:00:00.000Z\",\"event\":\"ended\","
                + "\"outcome\":\"replaced\",\"expiresAt\":\"2026-01-01T00:00:00.000Z\","
                + "\"reason\":\"deleted\"}]}");
    assertThat(server.get("/v1/state/demo/never/history").statusCode()).isEqualTo(404);
  }

  @Test
  void trailingCalls_onOneConnection_keepWorkingAfterProblems() {
    for (int i = 0; i < 50; i++) {
      assertThat(server.put(HELLO, "{").statusCode()).isEqualTo(400);
      assertThat(server.put(HELLO, "1").statusCode()).isLessThan(300);
    }
  }
}
