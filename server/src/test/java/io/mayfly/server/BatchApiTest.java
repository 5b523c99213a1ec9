package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches over HTTP. */
final class BatchApiTest {
  private static final String NDJSON = "application/x-ndjson";
  private static final String SEQUENCE = "application/cbor-seq";
  private static final String LIFE =
      """
      {'op':'put','namespace':'NS','key':'a','value':{'n':1},'ttl':'60s'}
      {'op':'get','namespace':'NS','key':'a'}
      {'op':'patch','namespace':'NS','key':'a','patch':{'m':2}}
      {'op':'patch','namespace':'NS','key':'a','patch':[{'op':'test','path':'/m','value':2}]}
      {'op':'touch','namespace':'NS','key':'a','ttl':'90s'}
      {'op':'increment','namespace':'NS','key':'c','by':5,'initial':2}
      {'op':'increment','namespace':'NS','key':'c'}
      {'op':'put','namespace':'NS','key':'a','value':1,'ifNoneMatch':'*'}
      {'op':'delete','namespace':'NS','key':'a'}
      {'op':'get','namespace':'NS','key':'a'}
      {'op':'get','namespace':'NS','key':'none'}
      """;
  private static final List<Integer> LIFE_STATUS =
      List.of(201, 200, 200, 200, 200, 201, 200, 412, 200, 410, 404);

  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Answer batch(String type, byte[] body, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = type;
    return node.send("POST", "/v1/batch", BodyPublishers.ofByteArray(body), all);
  }

  private static List<JsonNode> lines(String body) {
    return answers(batch(NDJSON, bytes(body)).is(200));
  }

  private static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static List<JsonNode> answers(Answer answer) {
    boolean cbor = answer.header("Content-Type").startsWith(SEQUENCE);
    try (MappingIterator<JsonNode> all =
        (cbor ? Answer.CBOR : Answer.JSON).readerFor(JsonNode.class).readValues(answer.bytes())) {
      List<JsonNode> answers = all.readAll();
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).path("index").asInt(-1)).isEqualTo(i);
      }
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(answer.toString(), e);
    }
  }

  private static List<Integer> status(List<JsonNode> answers) {
    return answers.stream().map(answer -> answer.path("status").asInt()).toList();
  }

  private static byte[] encoded(String type, String lines) throws IOException {
    if (type.equals(NDJSON)) {
      return bytes(lines);
    }
    if (type.equals("application/json")) {
      return bytes("[" + lines.strip().replace("\n", ",\n") + "]");
    }
    ByteArrayOutputStream sequence = new ByteArrayOutputStream();
    for (String line : lines.strip().split("\n", -1)) {
      sequence.write(Answer.CBOR.writeValueAsBytes(Answer.JSON.readTree(bytes(line))));
    }
    return sequence.toByteArray();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {NDJSON, "application/json", SEQUENCE})
  void life_inEachFormat_isAnsweredAsSingleCallsAre(String type) throws IOException {
    String namespace = "life-" + type.substring(type.indexOf('/') + 1).replace("x-", "");

    Answer answer = batch(type, encoded(type, LIFE.replace("NS", namespace))).is(200);

    assertThat(answer.header("Content-Type")).startsWith(type.equals(SEQUENCE) ? SEQUENCE : NDJSON);
    List<JsonNode> answers = answers(answer);
    assertThat(status(answers)).isEqualTo(LIFE_STATUS);
    assertThat(answers.get(1).path("value").toString()).isEqualTo("{\"n\":1}");
    assertThat(answers.get(1).path("receipt").path("etag").asText()).endsWith(".1\"");
    assertThat(answers.get(1).path("receipt").has("value")).isFalse();
    assertThat(answers.get(3).path("receipt").path("outcome").asText()).isEqualTo("unchanged");
    assertThat(answers.get(6).path("value").asInt()).isEqualTo(8);
    assertThat(answers.get(7).path("problem").path("type").asText())
        .endsWith("precondition-failed");
    assertThat(answers.get(9).path("problem").path("reason").asText()).isEqualTo("deleted");
  }

  @Test
  void accept_choosesTheFormatOfTheAnswers() throws IOException {
    byte[] body = encoded(NDJSON, "{'op':'get','namespace':'accept','key':'a'}");

    Answer items = batch(NDJSON, body, "Accept", SEQUENCE).is(200);

    assertThat(items.header("Content-Type")).startsWith(SEQUENCE);
    assertThat(status(answers(items))).containsExactly(404);
    batch(NDJSON, body, "Accept", "text/plain").isProblem(406, "not-acceptable");
    batch("text/plain", body).isProblem(415, "unsupported-media-type");
    batch(NDJSON, body, "Idempotency-Key", "k").isProblem(400, "invalid-parameter");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {
        "nonsense",
        "1",
        "[]",
        "{}",
        "{'op':'jump','namespace':'bad','key':'a'}",
        "{'op':'get','key':'a'}",
        "{'op':'get','namespace':'bad'}",
        "{'op':'get','namespace':'BAD','key':'a'}",
        "{'op':'get','namespace':'bad','key':'..'}",
        "{'op':'get','namespace':'bad','key':'a','value':1}",
        "{'op':'put','namespace':'bad','key':'a'}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'ttl':'soon'}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'ttl':5}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'ttl':'5s','expiresAt':'2099-01-01T00:00:00Z'}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'unknown':1}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'ifMatch':'x'}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'fence':0}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'idempotencyKey':''}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'versionVector':{'x':1}}",
        "{'op':'put','namespace':'bad','key':'a','value':1,'sequence':-1}",
        "{'op':'increment','namespace':'bad','key':'a','by':'x'}",
        "{'op':'patch','namespace':'bad','key':'a','patch':[1]}",
        "{'op':'patch','namespace':'bad','key':'a'}",
      })
  void malformedLine_isAnsweredAtItsIndexAndTheStreamGoesOn(String line) {
    String good = "{'op':'get','namespace':'bad','key':'a'}\n";

    List<JsonNode> answers = lines(good + "\n" + line + "\r\n" + good);

    assertThat(status(answers)).containsExactly(404, 400, 404);
    assertThat(answers.get(1).path("problem").path("detail").asText()).isNotBlank();
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "[G,G;404,404,400",
        "[G,;404,400",
        "[G G];400",
        "[G,nonsense,G];404,400",
        "[G,1,G];404,400,404",
        "G;400",
        "[G]x;404,400",
        "[G,{'op':;404,400",
        "[];''",
        "[G,,G];404,400",
        "[G}];400",
      })
  void brokenArray_endsWithOneLastLine(String array, String expected) {
    String body = array.replace("G", "{'op':'get','namespace':'array','key':'a'}");

    List<JsonNode> answers = answers(batch("application/json", bytes(body)).is(200));

    assertThat(status(answers).stream().map(String::valueOf).collect(Collectors.joining(",")))
        .isEqualTo(expected);
  }

  @Test
  void memberWithHalfASurrogatePair_isRefusedInCborToo() {
    Answer answer =
        node.post(
                "/v1/batch",
                "{\"\\ud800\":1}\n",
                "Content-Type",
                NDJSON,
                "Accept",
                "application/cbor-seq")
            .is(200);

    assertThat(answer.cbor().path("status").asInt()).isEqualTo(400);
  }

  @Test
  void operationsOfOneKey_keepTheirOrder() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      body.append("{'op':'increment','namespace':'order','key':'k" + i % 2 + "'}\n");
    }

    List<JsonNode> answers = lines(body.toString());

    assertThat(answers).hasSize(2000);
    for (int i = 0; i < 2000; i++) {
      assertThat(answers.get(i).path("value").asInt()).isEqualTo(i / 2 + 1);
    }
  }

  @Test
  void idempotencyKey_ofALine_isHonoured() {
    String line =
        "{'op':'increment','namespace':'retry','key':'a','by':2,'idempotencyKey':'one'}\n";

    List<JsonNode> answers = lines(line + line + line.replace("'by':2", "'by':3"));

    assertThat(status(answers)).containsExactly(201, 201, 422);
    assertThat(answers.get(1).path("value").asInt()).isEqualTo(2);
    assertThat(answers.get(1).path("replayed").asBoolean()).isTrue();
    assertThat(answers.get(2).path("problem").path("type").asText())
        .endsWith("idempotency-mismatch");
  }

  @Test
  void lineBeyondTheLimit_isTooLargeAndTheStreamGoesOn() {
    String good = "{'op':'get','namespace':'large','key':'a'}\n";
    String large =
        "{'op':'put','namespace':'large','key':'a','value':'" + "x".repeat(1 << 20) + "'}\n";

    assertThat(status(lines(good + large + good))).containsExactly(404, 413, 404);
    assertThat(
            status(
                answers(
                    batch("application/json", bytes("[" + good + "," + large + "," + good + "]")))))
        .containsExactly(404, 413, 404);
  }

  @Test
  void manyOperations_areAllAnswered() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      body.append("{'op':'put','namespace':'many','key':'k" + i % 500 + "','value':" + i + "}\n");
    }

    List<JsonNode> answers = lines(body.toString());

    assertThat(answers).hasSize(50_000);
    assertThat(answers.stream().filter(line -> line.path("status").asInt() > 201)).isEmpty();
    assertThat(node.get("/v1/state/many/k499").text()).isEqualTo("49999");
  }

  @Test
  void randomOperations_areAnsweredAsSingleCallsAre() throws IOException {
    SplittableRandom random = Seed.random("batch");
    String[] forms = {
      "'op':'put','value':{'n':%d}",
      "'op':'get'",
      "'op':'delete'",
      "'op':'touch','ttl':'70s'",
      "'op':'patch','patch':{'m':%d}",
      "'op':'increment','by':%d"
    };
    StringBuilder body = new StringBuilder();
    List<JsonNode> operations = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String line =
          "{"
              + forms[random.nextInt(forms.length)].formatted(i)
              + ",'namespace':'random-a','key':'k"
              + random.nextInt(5)
              + "'}\n";
      body.append(line);
      operations.add(Answer.JSON.readTree(bytes(line)));
    }

    List<JsonNode> answers = lines(body.toString());

    for (int i = 0; i < operations.size(); i++) {
      Answer single = single(operations.get(i));
      JsonNode line = answers.get(i);
      assertThat(line.path("status").asInt()).as(line + " " + single).isEqualTo(single.status());
      if (!operations.get(i).path("op").asText().equals("get") && single.status() < 300) {
        assertThat(timeless(line.path("receipt"))).isEqualTo(timeless(single.json()));
      }
    }
  }

  private static Answer single(JsonNode operation) {
    String path = "/v1/state/random-b/" + operation.path("key").asText();
    return switch (operation.path("op").asText()) {
      case "put" -> node.put(path, operation.path("value").toString());
      case "get" -> node.get(path);
      case "delete" -> node.delete(path);
      case "touch" -> node.touch(path + "/touch?ttl=70s");
      case "patch" -> node.merge(path, operation.path("patch").toString());
      default -> node.post(path + "/increment", "{\"by\":" + operation.path("by") + "}");
    };
  }

  private static JsonNode timeless(JsonNode receipt) {
    return ((ObjectNode) receipt.deepCopy())
        .without(
            List.of(
                "namespace",
                "incarnation",
                "etag",
                "createdAt",
                "updatedAt",
                "expiresAt",
                "value"));
  }

  @Test
  void mutatedStreams_areNeverAFailureOfTheServer() throws IOException {
    SplittableRandom random = Seed.random("batch-fuzz");
    String[] types = {NDJSON, "application/json", SEQUENCE};
    for (int round = 0; round < 150; round++) {
      String type = types[round % 3];
      byte[] body = encoded(type, LIFE.replace("NS", "fuzz"));
      for (int i = random.nextInt(6); i >= 0; i--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      body = Arrays.copyOf(body, random.nextBoolean() ? body.length : random.nextInt(body.length));

      assertThat(status(answers(batch(type, body).is(200))))
          .as(type + " round " + round)
          .allMatch(status -> status < 500);
    }
  }

  @Test
  void clientThatWaitsToBeAsked_isAskedAndAnsweredWhileItSends() throws IOException {
    try (Socket socket = new Socket(node.uri().getHost(), node.uri().getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      out.write(head("Expect: 100-continue"));

      assertThat(readUntil(in, "\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
      chunk(out, "{'op':'put','namespace':'live','key':'a','value':1}\n");
      assertThat(readUntil(in, "\"index\":0")).contains("HTTP/1.1 200 OK");
      chunk(out, "{'op':'get','namespace':'live','key':'a'}\n");
      readUntil(in, "\"index\":1");
      out.write(bytes("0\r\n\r\n"));
      readUntil(in, "\r\n0\r\n\r\n");
    }
  }

  @Test
  void connectionCutInTheMiddle_leavesWhatWasSentAndFreesTheNode() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(node.uri().getHost(), node.uri().getPort())) {
        socket.setSoTimeout(20_000);
        OutputStream out = socket.getOutputStream();
        out.write(head("Accept: */*"));
        chunk(out, "{'op':'put','namespace':'cut','key':'k" + i + "','value':1}\n{'op':");
        readUntil(socket.getInputStream(), "\"index\":0");
      }
    }

    for (int i = 0; i < 20; i++) {
      node.get("/v1/state/cut/k" + i).is(200);
    }
  }

  private static byte[] head(String header) {
    return bytes(
        String.join(
            "\r\n",
            "POST /v1/batch HTTP/1.1",
            "Host: x",
            "Content-Type: application/x-ndjson",
            "Transfer-Encoding: chunked",
            header,
            "",
            ""));
  }

  private static void chunk(OutputStream out, String text) throws IOException {
    byte[] data = bytes(text);
    out.write(bytes(Integer.toHexString(data.length) + "\r\n"));
    out.write(data);
    out.write(bytes("\r\n"));
    out.flush();
  }

  private static String readUntil(InputStream in, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int b = in.read();
      assertThat(b).as(read.toString()).isNotNegative();
      read.append((char) b);
    }
    return read.toString();
  }
}
