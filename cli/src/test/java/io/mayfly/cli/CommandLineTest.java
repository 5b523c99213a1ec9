package io.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.cli.client.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is understood, what is sent, what is printed, and the code of the end. */
final class CommandLineTest {
  private static final String RECEIPT =
      "{\"namespace\":\"demo\",\"key\":\"k\",\"revision\":2,\"etag\":\"\\\"7.2\\\"\","
          + "\"expiresAt\":\"2027-01-01T00:00:00.000Z\",\"outcome\":\"replaced\"}";

  private final ScriptedServer server = new ScriptedServer();

  @TempDir Path directory;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void put_allOptions_areSentAsTheServerReadsThem() {
    server.then(200, RECEIPT);

    Run run =
        Run.of(
            "put",
            "-n",
            server.url(),
            "demo",
            "a/b",
            "{\"n\":1.50}",
            "--ttl",
            "90s",
            "--if-match",
            "7.1",
            "--idempotency-key",
            "own",
            "--fence",
            "9",
            "--producer",
            "p");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            OUTCOME   KEY  REVISION  ETAG  EXPIRES
            replaced  k    2         7.2   2027-01-01T00:00:00.000Z
            """);
    assertThat(server.seen())
        .containsExactly(
            new ScriptedServer.Seen(
                "PUT", "/v1/state/demo/a%2Fb?ttl=90000ms", "\"own\"", "", "{\"n\":1.50}"));
  }

  @Test
  void options_beforeTheCommand_countToo() {
    server.then(200, "5");

    assertThat(Run.of("-n", server.url(), "-o", "json", "get", "demo", "k"))
        .isEqualTo(new Run(0, "5\n", ""));
  }

  @Test
  void output_asJson_isTheAnswer() {
    server.then(200, RECEIPT);

    Run run = Run.of("put", "-n", server.url(), "-o", "json", "demo", "k", "1");

    assertThat(run.out()).isEqualTo(RECEIPT + "\n");
  }

  @Test
  void value_thatIsNoJson_isRefusedWithAHint() {
    Run run = Run.of("put", "-n", server.url(), "demo", "k", "hello");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("VALUE is not JSON: hello").contains("--text").contains("'\"");
    assertThat(server.seen()).isEmpty();
  }

  @Test
  void value_asText_isAString() {
    server.then(200, RECEIPT);

    Run.of("put", "-n", server.url(), "demo", "k", "say \"hi\"", "--text");

    assertThat(server.seen().get(0).body()).isEqualTo("\"say \\\"hi\\\"\"");
  }

  @Test
  void value_ofAFileOrStandardInput_isRead() throws IOException {
    Path file = Files.writeString(directory.resolve("value.json"), "{\"from\":\"file\"}\n");
    server.then(200, RECEIPT).then(200, RECEIPT).then(200, RECEIPT);

    Run.of("put", "-n", server.url(), "demo", "k", "@" + file);
    Run.with("[1]", "put", "-n", server.url(), "demo", "k", "-");
    Run.with("[2]", "put", "-n", server.url(), "demo", "k");

    assertThat(server.seen())
        .extracting(ScriptedServer.Seen::body)
        .containsExactly("{\"from\":\"file\"}\n", "[1]", "[2]");
  }

  @Test
  void file_thatIsNotThere_isAMisuse() {
    Run run = Run.of("batch", "-n", server.url(), directory.resolve("none").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("There is no file");
  }

  @Test
  void increment_byANegativeNumber_isNoOption() {
    server.then(200, "{\"value\":-5,\"outcome\":\"incremented\"}");

    Run run = Run.of("incr", "-n", server.url(), "demo", "k", "-5");

    assertThat(run).isEqualTo(new Run(0, "-5\n", ""));
    assertThat(server.seen().get(0).body()).isEqualTo("{\"by\":-5}");
  }

  @Test
  void patch_anArray_isAJsonPatchUnlessMerged() {
    server.then(200, RECEIPT);

    Run run = Run.of("patch", "-n", server.url(), "demo", "k", "[]", "--merge");

    assertThat(run.code()).isZero();
    assertThat(server.seen().get(0).method()).isEqualTo("PATCH");
  }

  @Test
  void list_ofSeveralPages_isFollowedToItsEnd() {
    server
        .then(200, "{\"entries\":[{\"key\":\"a\",\"revision\":1}],\"cursor\":\"next=\"}")
        .then(200, "{\"entries\":[{\"key\":\"b\",\"revision\":2}],\"cursor\":null}");

    Run run = Run.of("ls", "-n", server.url(), "demo", "-o", "json", "--prefix", "x y");

    assertThat(run.out())
        .isEqualTo("{\"key\":\"a\",\"revision\":1}\n{\"key\":\"b\",\"revision\":2}\n");
    assertThat(server.seen())
        .extracting(ScriptedServer.Seen::target)
        .containsExactly(
            "/v1/state/demo?prefix=x%20y&view=keys&limit=1000",
            "/v1/state/demo?prefix=x%20y&view=keys&limit=1000&cursor=next%3D");
  }

  @Test
  void refusals_byStatus_haveTheirCodes() {
    int[][] codes = {
      {400, 1}, {401, 8}, {403, 8}, {404, 3}, {409, 4}, {410, 3}, {412, 4}, {413, 1}, {422, 1},
      {428, 4}, {500, 1}
    };
    for (int[] each : codes) {
      server.then(each[0], ScriptedServer.problem(each[0], "unknown-key"));

      assertThat(Run.of("delete", "-n", server.url(), "demo", "k").code())
          .as("status %d", each[0])
          .isEqualTo(each[1]);
    }
  }

  @Test
  void refusal_asJson_isTheProblemOnStandardError() {
    String problem = ScriptedServer.problem(404, "unknown-key");
    server.then(404, problem);

    assertThat(Run.of("get", "-n", server.url(), "-o", "json", "demo", "k"))
        .isEqualTo(new Run(3, "", problem + "\n"));
  }

  @Test
  void misuse_anyKind_exitsWithTwoAndLeadsToTheHelp() {
    String[][] lines = {
      {"get", "demo"},
      {"get", "demo", "k", "--tokn", "x"},
      {"put", "demo", "k", "1", "--ttl", "1y"},
      {"put", "demo", "k", "1", "--fence", "x"},
      {"incr", "demo", "k", "ten"},
      {"rollback", "demo", "k"},
      {"ls", "demo", "--limit", "0"},
      {"watch", "demo", "k", "--prefix", "x"},
      {"lease", "acquire", "demo", "l"},
      {"lease", "run", "demo", "l", "--ttl", "1s"},
      {"completion", "fish"},
      {"get", "demo", "k", "-n", "ftp://host"},
    };
    for (String[] line : lines) {
      Run run = Run.of(line);

      assertThat(run.code()).as(String.join(" ", line)).isEqualTo(2);
      assertThat(run.err()).as(String.join(" ", line)).startsWith("mayfly: ").contains("--help");
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void misspeltOption_told_nearOnesAreNamed() {
    assertThat(Run.of("get", "demo", "k", "--tokn", "x").err()).contains("--token");
  }

  @Test
  void batch_withARefusal_exitsWithNine() {
    server.then(
        200,
        """
        {"index":0,"status":201,"receipt":{"key":"a","outcome":"created","revision":1}}
        {"index":1,"status":404,"problem":{"key":"b","detail":"There is none."}}
        """);

    Run run = Run.with("{\"op\":\"put\"}\n{\"op\":\"get\"}\n", "batch", "-n", server.url(), "-");

    assertThat(run.code()).isEqualTo(9);
    assertThat(run.out()).contains("201     created").contains("There is none.");
  }

  @Test
  void export_thatFails_leavesNoFile() {
    Path file = directory.resolve("out.ndjson");
    server
        .then(200, "{\"entries\":[{\"key\":\"a\"}],\"cursor\":\"c\"}")
        .then(500, ScriptedServer.problem(500, "internal-error"));

    Run run = Run.of("export", "-n", server.url(), "demo", file.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(file).doesNotExist();
  }

  @Test
  void import_intoAnotherNamespace_changesLinesOnly() {
    server.then(200, "{\"index\":0,\"status\":201}\n");

    Run run =
        Run.with(
            "{\"op\":\"put\",\"namespace\":\"a\",\"key\":\"k\",\"idempotencyKey\":\"i\",\"value\":1.50}",
            "import",
            "-n",
            server.url(),
            "-",
            "--into",
            "b",
            "--if-absent");

    assertThat(run.code()).isZero();
    assertThat(server.seen().get(0).body())
        .isEqualTo(
            "{\"op\":\"put\",\"namespace\":\"b\",\"key\":\"k\",\"idempotencyKey\":\"i\",\"value\":1.50,"
                + "\"ifNoneMatch\":\"*\"}\n");
  }
}
