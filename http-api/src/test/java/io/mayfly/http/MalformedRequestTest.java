package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MalformedRequestTest {
  private static final String KEY = "/v1/state/demo/k";
  private static final List<String> METHODS = List.of("GET", "PUT", "PATCH", "POST", "DELETE");

  private TestServer server;

  @BeforeAll
  void start() {
    server =
        TestServer.start(
            "mayfly.http { body-timeout = 300ms, body-bytes-max = 64 KiB, drain-bytes-max = 256 KiB }");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @AfterEach
  void serverStaysHealthy() {
    assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  private void assertProblem(RawClient.Answer answer, String request) {
    assertThat(answer.status()).as(request).matches(s -> (s >= 400 && s < 500) || s == 501);
    assertThat(answer.problem()).as(request + "\n" + answer.head()).isTrue();
    assertThat(answer.body()).as(request).startsWith("{\"type\":\"urn:mayfly:problem:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BREW /v1/state/demo/k HTTP/1.1|501",
        "get /v1/state/demo/k HTTP/1.1|501",
        "BREWWWWWWWWWWWWWWWWWWWWWWWWWWW / HTTP/1.1|400",
        "GET /v1/state/demo/k HTTP/3.0|400",
        "GET /v1/state/demo/k|400",
        "GET  HTTP/1.1|400",
        "GET nowhere HTTP/1.1|400",
        "GET /v1/state/demo/%ZZ HTTP/1.1|400",
        "GET /v1/state/demo/%F HTTP/1.1|400",
        "GET /v1/state/demo/%C0%80 HTTP/1.1|400",
        "GET /v1/state/demo/%ED%A0%80 HTTP/1.1|400",
        "GET /v1/state/demo/%FF HTTP/1.1|400",
        "GET /v1/state/demo/%00 HTTP/1.1|400",
        "GET /v1/state/demo/%C2%80 HTTP/1.1|400",
        "GET /v1/state/demo/. HTTP/1.1|400",
        "GET /v1/state/demo/.. HTTP/1.1|400",
        "GET /v1/state/demo/%2e%2E HTTP/1.1|400",
        "GET /v1/state/demo/%2E HTTP/1.1|400",
        "GET /v1/state/../k HTTP/1.1|400",
        "GET /v1/state/DEMO/k HTTP/1.1|400",
        "GET /v1/state/-demo/k HTTP/1.1|400",
        "GET /v1/state/demo/ HTTP/1.1|404",
        "GET /v1/state//k HTTP/1.1|404",
        "GET /v1/state/demo//history HTTP/1.1|404",
        "GET /v1/state/demo/k/ HTTP/1.1|404",
        "GET /v1/state/demo/k/history/ HTTP/1.1|404",
        "GET /v1/state HTTP/1.1|404",
        "GET /v1 HTTP/1.1|404",
        "GET // HTTP/1.1|404",
        "GET /nothing HTTP/1.1|404",
        "GET /V1/state/demo/k HTTP/1.1|404",
        "GET /v1/state/demo/k/frobnicate HTTP/1.1|404",
        "POST /v1/state/demo/k HTTP/1.1|405",
        "DELETE /v1/state/demo HTTP/1.1|405",
        "PUT /health/live HTTP/1.1|405",
        "TRACE /v1/state/demo/k HTTP/1.1|405",
        "CONNECT example.org:80 HTTP/1.1|400",
        "GET /v1/state/demo/k?view=x HTTP/1.1|400",
        "GET /v1/state/demo/k?view= HTTP/1.1|400",
        "GET /v1/state/demo/k?view=entry&view=entry HTTP/1.1|400",
        "GET /v1/state/demo/k?revision=0 HTTP/1.1|400",
        "GET /v1/state/demo/k?revision=-1 HTTP/1.1|400",
        "GET /v1/state/demo/k?revision=99999999999999999999 HTTP/1.1|400",
        "GET /v1/state/demo/k?revision=%zz HTTP/1.1|400",
        "GET /v1/state/demo?limit=0 HTTP/1.1|400",
        "GET /v1/state/demo?limit=1001 HTTP/1.1|400",
        "GET /v1/state/demo?limit=x HTTP/1.1|400",
        "GET /v1/state/demo?cursor=!! HTTP/1.1|400",
        "GET /v1/state/demo?cursor= HTTP/1.1|400",
        "GET /v1/state/demo?cursor=AAAA HTTP/1.1|400",
        "GET /v1/state/demo?expiring-within=5 HTTP/1.1|400",
        "GET /v1/state/demo?prefix=%00 HTTP/1.1|400",
        "GET /v1/state/demo/k/history?limit=-5 HTTP/1.1|400",
        "DELETE /v1/state/demo/none HTTP/1.1|404",
      })
  void startLine_thatIsWrong_isAProblem(String line, int status) throws IOException {
    RawClient.Answer answer =
        RawClient.send(server.port(), line + "\r\nHost: h\r\nConnection: close\r\n\r\n");

    assertProblem(answer, line);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Accept: text/html|406",
        "Accept: application/json;q=0|406",
        "Accept: nonsense|406",
        "If-Match: abc|400",
        "If-Match: \"abc|400",
        "If-Match: \"a\" \"b\"|400",
        "If-Match: \"a\",|400",
        "If-Match: |400",
        "If-None-Match: 1.2|400",
        "If-None-Match: w/\"1.2\"|400",
        "Mayfly-Timeout: soon|400",
        "Mayfly-Timeout: 0s|400",
        "Mayfly-Timeout: 999999999999d|400",
        "Content-Type: text/plain|415",
        "Content-Type: application/octet-stream|415",
        "Content-Type: application/problem+json|415",
        "Content-Type: nonsense|415",
        "Content-Encoding: gzip|415",
        "Mayfly-Producer: a b|400",
        "Mayfly-Producer: |400",
        "Content-Length: 3|400",
        "Content-Length: -1|400",
        "Transfer-Encoding: gzip|400",
        "Transfer-Encoding: chunked|400",
        "Host: other|400",
        "bad header|400",
      })
  void header_thatIsWrong_isAProblem(String header, int status) throws IOException {
    String request =
        "PUT " + KEY + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n" + header + "\r\n\r\n1";

    RawClient.Answer answer = RawClient.send(server.port(), request);

    assertProblem(answer, request);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, ttl=30",
    "PUT, ttl=-5s",
    "PUT, ttl=1.5s",
    "PUT, ttl=1h30m",
    "PUT, ttl=",
    "PUT, ttl=30s&ttl=30s",
    "PUT, ttl=30s&expires-at=2027-01-01T00:00:00Z",
    "PUT, expires-at=tomorrow",
    "PUT, expires-at=2027-01-01",
    "PUT, expires-at=2027-13-01T00:00:00Z",
    "PUT, expires-at=2027-02-30T00:00:00Z",
    "PUT, expires-at=2027-01-01T00:00:00",
    "PUT, expires-at=12027-01-01T00:00:00Z",
    "PUT, expires-at=2027-01-01T00:00:00%2B99:00",
    "PUT, not-before=1",
    "PATCH, ttl=x",
    "DELETE, x=%e9",
  })
  void parameter_thatIsWrong_isInvalid(String method, String query) throws IOException {
    String request =
        method + " " + KEY + "?" + query + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n1";

    RawClient.Answer answer = RawClient.send(server.port(), request);

    assertProblem(answer, request);
    assertThat(answer.status()).as(answer.body()).isIn(400, 415);
  }

  @Test
  void headers_thatAreTooLarge_areRefused() throws IOException {
    String one = "GET / HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(9_000) + "\r\n\r\n";
    StringBuilder together = new StringBuilder("GET /v1/state/demo/k HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; i < 50; i++) {
      together.append("X-").append(i).append(": ").append("x".repeat(200)).append("\r\n");
    }
    StringBuilder many = new StringBuilder("GET /v1/state/demo/k HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; i < 200; i++) {
      many.append("X-").append(i).append(": x\r\n");
    }

    assertThat(RawClient.send(server.port(), one).status()).isEqualTo(431);
    assertThat(RawClient.send(server.port(), together + "\r\n").status()).isEqualTo(431);
    assertThat(RawClient.send(server.port(), many + "\r\n").status()).isEqualTo(431);
  }

  @Test
  void target_thatIsTooLong_isRefused() throws IOException {
    RawClient.Answer answer =
        RawClient.send(
            server.port(), "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");

    assertProblem(answer, "long target");
    assertThat(answer.status()).isEqualTo(414);
  }

  @Test
  void body_thatIsTooLarge_isRefusedAfterItWasSent() throws IOException {
    for (int size : List.of(65_537, 200_000)) {
      String head = "PUT " + KEY + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n";

      RawClient.Answer answer = RawClient.send(server.port(), head + "1".repeat(size));

      assertProblem(answer, head);
      assertThat(answer.status()).isEqualTo(413);
    }
  }

  @Test
  void body_announcedBeyondTheDrain_isRefusedAtOnce() throws IOException {
    RawClient.Answer answer =
        RawClient.send(
            server.port(),
            "PUT " + KEY + " HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999\r\n\r\n1");

    assertProblem(answer, "huge length");
    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void body_thatNeverComes_isATimeout() throws IOException {
    RawClient.Answer answer =
        RawClient.send(
            server.port(), "PUT " + KEY + " HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n12");

    assertProblem(answer, "slow body");
    assertThat(answer.status()).isEqualTo(408);
  }

  @Test
  void body_thatIsCutOff_doesNotHang() throws IOException {
    String head = "PUT " + KEY + " HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n12";

    RawClient.Answer answer =
        RawClient.send(server.port(), head.getBytes(StandardCharsets.US_ASCII), true);

    assertThat(answer.status()).isIn(0, 400);
  }

  @Test
  void chunks_thatAreBroken_areRefused() throws IOException {
    for (String chunks :
        List.of("zz\r\n1\r\n0\r\n\r\n", "1\r\n123\r\n0\r\n\r\n", "ffffffffff\r\n")) {
      RawClient.Answer answer =
          RawClient.send(
              server.port(),
              "PUT " + KEY + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);

      assertProblem(answer, chunks);
      assertThat(answer.status()).isEqualTo(400);
    }
  }

  @Test
  void chunks_thatAreWhole_areABody() throws IOException {
    RawClient.Answer answer =
        RawClient.send(
            server.port(),
            lines(
                "PUT /v1/state/demo/chunked HTTP/1.1",
                "Host: h",
                "Transfer-Encoding: chunked",
                "",
                "2",
                "[1",
                "3;x=y",
                ",2]",
                "0",
                "",
                ""));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(server.get("/v1/state/demo/chunked").body()).isEqualTo("[1,2]");
  }

  @Test
  void expectation_ofContinue_isMetBeforeTheBody() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          lines(
                  "PUT /v1/state/demo/expected HTTP/1.1",
                  "Host: h",
                  "Expect: 100-continue",
                  "Content-Length: 1",
                  "",
                  "")
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(RawClient.read(socket.getInputStream()).status()).isEqualTo(100);
      out.write('1');
      assertThat(RawClient.read(socket.getInputStream()).status()).isEqualTo(201);
    }
  }

  static List<String> generated() {
    Random random = Seed.random(MalformedRequestTest.class);
    return IntStream.range(0, 400).mapToObj(i -> broken(random)).toList();
  }

  /** A valid request with one part made wrong beyond doubt. */
  private static String broken(Random random) {
    String method = METHODS.get(random.nextInt(METHODS.size()));
    return switch (random.nextInt(8)) {
      case 0 -> request(noise(random, 3 + random.nextInt(20)), KEY, "");
      case 1 -> request(method, "/v1/state/demo/%" + "gz%x".charAt(random.nextInt(4)) + "1", "");
      case 2 -> request(method, "/v1/state/" + "ABC_ÄÖ".charAt(random.nextInt(3)) + "x/k", "");
      case 3 -> request(method, KEY, "Bad Header" + random.nextInt() + ": x\r\n");
      case 4 -> request("PUT", KEY + "?ttl=" + random.nextInt(1000) + "x", "");
      case 5 -> request("PUT", KEY, "If-Match: " + noise(random, 6) + "\r\n");
      case 6 ->
          "PUT " + KEY + " HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\n{" + noise(random, 7);
      default -> noise(random, 1 + random.nextInt(40)) + "\r\n\r\n" + "x".repeat(20) + " \r\n\r\n";
    };
  }

  private static String request(String method, String target, String headers) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: h\r\n"
        + headers
        + "Content-Length: 0\r\n\r\n";
  }

  private static String noise(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + 3 + random.nextInt(90)));
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("generated")
  void generatedRequest_thatIsWrong_isAProblem(String request) throws IOException {
    RawClient.Answer answer = RawClient.send(server.port(), request);

    assertProblem(answer, request);
  }
}
