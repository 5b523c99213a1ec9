package io.mayfly.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Generates requests of which none may succeed, each malformed in one known way. */
final class MalformedRequests {
  private static final byte[] EMPTY = {};
  private static final String PATH = "/v1/state/malformed/key";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String CBOR = "Content-Type: application/cbor\r\n";
  private static final List<String> DURATIONS =
      List.of("-5s", "1.5s", "1h30m", "30", "", "ten", "9e9s", "PT", "5s5s", "%00", "99999999999d");
  private static final List<String> JSON_BODIES =
      List.of(
          "",
          "{",
          "[1,",
          "{\"a\"}",
          "{a:1}",
          "nul",
          "'x'",
          "1 2",
          "01",
          "\"\\x\"",
          "NaN",
          "[1]]",
          "\u0000",
          "1e999",
          "18446744073709551616",
          "[".repeat(70) + "]".repeat(70),
          "{\"a\":".repeat(9000));
  private static final List<String> CBOR_AS_HEX =
      List.of(
          "",
          "ff",
          "1c",
          "82",
          "61ff",
          "a10102",
          "f97e00",
          "c601",
          "0000",
          "9f01",
          "9b7fffffffffffffff",
          "81".repeat(5000),
          "7f6161");

  private final SplittableRandom random;
  private final List<Function<MalformedRequests, byte[]>> kinds =
      List.of(
          MalformedRequests::badTarget,
          MalformedRequests::badNamespace,
          MalformedRequests::badParameter,
          MalformedRequests::badReadParameter,
          MalformedRequests::badJson,
          MalformedRequests::badCbor,
          MalformedRequests::badPatch,
          MalformedRequests::badOperation,
          MalformedRequests::badHeader,
          MalformedRequests::badFraming,
          MalformedRequests::badMethod,
          MalformedRequests::badType,
          MalformedRequests::tooLarge,
          MalformedRequests::noise);

  MalformedRequests(SplittableRandom random) {
    this.random = random;
  }

  /** The next request; kinds come in turn, so that every kind is met. */
  byte[] next(int index) {
    return kinds.get(index % kinds.size()).apply(this);
  }

  private byte[] badTarget() {
    String key =
        pick(
            "%",
            "%F",
            "%ZZ",
            "%FF",
            "%C3%28",
            "%ED%A0%80",
            "%00",
            "%1F",
            "%7F",
            ".",
            "..",
            "%2e",
            "%2E%2e",
            "a/b/c/d",
            "",
            "a%0Db",
            "k".repeat(513),
            "%F0%9F%98%80".repeat(129));
    return request(pick("GET", "PUT", "DELETE"), "/v1/state/malformed/" + key, "", bytes("1"));
  }

  private byte[] badNamespace() {
    String namespace =
        pick("Upper", "-a", ".a", "_a", "a%20b", "%C3%A9", "a%2Fb", "n".repeat(64), "", "%", "a*");
    return request(pick("GET", "PUT"), "/v1/state/" + namespace + "/key", "", bytes("1"));
  }

  private byte[] badParameter() {
    String query =
        switch (random.nextInt(4)) {
          case 0 -> "ttl=" + any(DURATIONS);
          case 1 -> "expires-at=" + pick("", "now", "2026-02-30T00:00:00Z", "1", "%FF");
          case 2 -> "not-before=" + pick("", "later", "2030-01-01", "-1", "%");
          default -> "ttl=30s&expires-at=2126-01-01T00:00:00.000Z";
        };
    return request("PUT", PATH + '?' + query, JSON, bytes("1"));
  }

  private byte[] badReadParameter() {
    String target =
        pick(
            PATH + "?revision=x",
            PATH + "?revision=-1",
            PATH + "?revision=99999999999999999999",
            PATH + "?view=all",
            PATH + "/history?limit=0",
            PATH + "/history?limit=x",
            "/v1/state/malformed?limit=-1",
            "/v1/state/malformed?limit=1.5",
            "/v1/state/malformed?cursor=nonsense",
            "/v1/state/malformed?view=%FF",
            "/v1/state/malformed?expiring-within=" + any(DURATIONS));
    return request("GET", target, "", EMPTY);
  }

  private byte[] badJson() {
    return request("PUT", PATH, JSON, bytes(any(JSON_BODIES)));
  }

  private byte[] badCbor() {
    return request("PUT", PATH, CBOR, HexFormat.of().parseHex(any(CBOR_AS_HEX)));
  }

  private byte[] badPatch() {
    boolean merge = random.nextBoolean();
    String body =
        merge
            ? any(JSON_BODIES)
            : pick(
                "{}",
                "[1]",
                "[{}]",
                "null",
                "[{\"op\":\"add\"}]",
                "[{\"op\":1,\"path\":\"\"}]",
                "[{\"op\":\"add\",\"path\":\"x\",\"value\":1}]",
                "[{\"op\":\"add\",\"path\":\"/~\",\"value\":1}]",
                "[{\"op\":\"move\",\"path\":\"/a\",\"from\":7}]");
    String type = merge ? "merge-patch" : "json-patch";
    return request("PATCH", PATH, "Content-Type: application/" + type + "+json\r\n", bytes(body));
  }

  private byte[] badOperation() {
    String body =
        pick(
            "",
            "1",
            "[]",
            "{",
            "{\"by\":\"x\"}",
            "{\"by\":null,\"toRevision\":null}",
            "{\"by\":[1],\"toRevision\":\"3\"}",
            "{\"by\":1,\"ttl\":5,\"toRevision\":-1}",
            "{\"by\":1,\"ttl\":\"x\",\"toRevision\":1.5}",
            "{\"by\":1e999,\"toRevision\":99999999999999999999}");
    String operation = pick("/increment", "/rollback");
    if (body.isEmpty() && operation.equals("/increment")) {
      body = "\"\"";
    }
    return request("POST", PATH + operation, JSON, bytes(body));
  }

  private byte[] badHeader() {
    String header =
        pick(
            "If-Match: abc",
            "If-Match: \"1.1",
            "If-Match: ,",
            "If-None-Match: x",
            "Mayfly-Timeout: soon",
            "Mayfly-Timeout: -1s",
            "Mayfly-Timeout: 1.5s",
            "No-Colon",
            ": no name",
            "Bad Name: 1",
            "X: a\u0000b",
            "Content-Type: /",
            "Content-Type: ;;;",
            "Content-Length: 5\r\nContent-Length: 6");
    return request("PUT", PATH, header + "\r\n", bytes("1"));
  }

  private byte[] badFraming() {
    String start = pick("PUT " + PATH + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    return latin(
        pick(
            start + "Content-Length: abc\r\n\r\n",
            start + "Content-Length: -1\r\n\r\n",
            start + "Content-Length: 99999999999999999999\r\n\r\n",
            start + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n1\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n-1\r\n1\r\n0\r\n\r\n",
            start + "Transfer-Encoding: nonsense\r\n\r\n1",
            "PUT " + PATH + " HTTP/1.1\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1",
            "GET " + PATH + " HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET " + PATH + " HTTX/1.1\r\nHost: x\r\n\r\n",
            "GET " + PATH + "\r\nHost: x\r\n\r\n",
            "GET  " + PATH + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "GET " + PATH + " HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
            "GET " + PATH + "?[ ]^ HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /v1/state/malformed/\u00e9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  }

  private byte[] badMethod() {
    return request(
        pick("BREW", "get", "PROPFIND", "TRACE", "POST", "X-" + random.nextInt(1000)),
        pick(PATH, "/v1/state/malformed/other"),
        "",
        EMPTY);
  }

  private byte[] badType() {
    String header =
        pick(
            "Content-Type: text/plain",
            "Content-Type: application/xml",
            "Content-Type: image/png",
            "Accept: text/html",
            "Accept: application/json;q=0",
            "Content-Encoding: gzip",
            "Content-Type: application/merge-patch+json");
    return request("PUT", PATH, header + "\r\n", bytes("1"));
  }

  private byte[] tooLarge() {
    return switch (random.nextInt(5)) {
      case 0 -> request("PUT", PATH, "X-Long: " + "x".repeat(9000) + "\r\n", bytes("1"));
      case 1 -> request("PUT", PATH, "X-Many: 1\r\n".repeat(200), bytes("1"));
      case 2 -> request("GET", PATH + "?x=" + "y".repeat(9000), "", EMPTY);
      case 3 -> request("PUT", PATH, JSON, bytes('"' + "v".repeat(70_000) + '"'));
      default -> request("PUT", PATH, JSON, bytes('"' + "v".repeat(1_100_000) + '"'));
    };
  }

  /** Bytes that are no HTTP; ended like a request, so that the server need not wait for more. */
  private byte[] noise() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 16 + random.nextInt(64); i++) {
      out.write(random.nextInt(256));
    }
    out.writeBytes(latin("\r\n\r\n"));
    byte[] noise = out.toByteArray();
    noise[0] = (byte) pick(" ", "\u0001", "{", "\u00ff", "\u0016").charAt(0);
    return noise;
  }

  private static byte[] request(String method, String target, String headers, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(latin(method + ' ' + target + " HTTP/1.1\r\nHost: mayfly\r\n"));
    boolean length = headers.contains("Content-Length");
    out.writeBytes(latin(headers + (length ? "" : "Content-Length: " + body.length + "\r\n")));
    out.writeBytes(latin("Connection: close\r\n\r\n"));
    out.writeBytes(body);
    return out.toByteArray();
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String any(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
