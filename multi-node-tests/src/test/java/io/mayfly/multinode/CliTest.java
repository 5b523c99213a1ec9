package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.traffic.CommandLineClient;
import io.mayfly.multinode.traffic.CommandLineRun;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a real server. */
final class CliTest {
  private static final Path HOUSE =
      Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();

  @TempDir static Path data;

  @TempDir Path directory;

  private static ServerProcess server;
  private static CommandLineClient mayfly;

  @BeforeAll
  static void start() {
    server = ServerProcess.start(ServerSpec.of("cli", data));
    mayfly = new CommandLineClient(server.uri());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void entries_throughTheirLife_areTold() {
    assertThat(run("put", "demo", "a/b", "{\"n\":1}", "--ttl", "1h", "--if-absent").code())
        .isZero();
    assertThat(run("put", "demo", "a/b", "{\"n\":1}", "--if-absent").code()).isEqualTo(4);
    assertThat(run("get", "demo", "a/b").out()).isEqualTo("{\"n\":1}\n");
    assertThat(run("patch", "demo", "a/b", "{\"m\":2}").out()).contains("patched");
    assertThat(run("patch", "demo", "a/b", "[{\"op\":\"remove\",\"path\":\"/n\"}]").code())
        .isZero();
    assertThat(run("rollback", "demo", "a/b", "--to", "1").out()).contains("rolled-back");
    assertThat(run("touch", "demo", "a/b", "--ttl", "2h").out()).contains("renewed");
    assertThat(run("get", "demo", "a/b", "--entry").out()).contains("revision       5");
    assertThat(run("incr", "demo", "n", "41").out()).isEqualTo("41\n");
    assertThat(run("incr", "demo", "n").out()).isEqualTo("42\n");
    assertThat(run("delete", "demo", "a/b").out()).contains("deleted");

    CommandLineRun ended = run("get", "demo", "a/b");
    CommandLineRun story = run("history", "demo", "a/b");

    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("The key has ended (410 key-ended)", "history demo a/b");
    assertThat(story.lines()).hasSize(7).last().asString().contains("ended", "deleted");
    assertThat(run("pressure").out()).contains("QUEUE", "node 0");
  }

  @Test
  void contracts_putAndWithdrawn_areInForce() throws IOException {
    Path file = directory.resolve("contract.json");
    Files.writeString(
        file, "{\"namespace\":\"law\",\"owner\":\"us\",\"lifetime\":{\"max\":\"1h\"}}");

    assertThat(run("contract", "put", file.toString()).out()).contains("Version 1 of law");
    CommandLineRun refused = run("put", "law", "k", "1", "--ttl", "2h");
    Files.writeString(file, run("contract", "get", "law").out());

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("lifetime.max", "./mayfly contract get law");
    assertThat(run("contract", "put", file.toString()).out()).contains("Version 2 of law");
    assertThat(run("contract", "ls").out()).contains("law        2        us");
    assertThat(run("put", "law", "k", "1", "--ttl", "1h").code()).isZero();
    assertThat(run("contract", "delete", "law").code()).isEqualTo(4);
    assertThat(run("contract", "delete", "law", "--force").code()).isZero();
    assertThat(run("get", "law", "k").err()).contains("410 key-ended");
  }

  @Test
  void export_imported_makesTheSameEntriesWithTheSameDeadlines() throws Exception {
    mayfly.fill(directory, "origin", 2500);
    Path file = directory.resolve("origin.ndjson");

    assertThat(run("export", "origin", file.toString()).code()).isZero();
    assertThat(run("import", file.toString(), "--into", "copy").out()).startsWith("2500 imported");
    CommandLineRun again = run("import", file.toString(), "--into", "copy", "--if-absent");

    assertThat(again.out()).startsWith("0 imported, 2500 were there");
    mayfly.awaitListed("copy", 2500);
    assertThat(mayfly.entries("copy")).isEqualTo(mayfly.entries("origin"));
    assertThat(posted(file)).hasSize(400).allMatch(line -> line.contains("\"status\":200"));
  }

  @Test
  void reconcile_ofAList_tellsWhatChangedSince() throws Exception {
    mayfly.fill(directory, "known", 600);
    mayfly.awaitListed("known", 600);
    Path beliefs = directory.resolve("beliefs.ndjson");
    Files.writeString(beliefs, run("ls", "known", "-o", "json").out());

    CommandLineRun same = run("reconcile", "known", beliefs.toString());
    run("put", "known", "k7", "0");
    run("delete", "known", "k8");
    CommandLineRun changed = run("reconcile", "known", beliefs.toString());

    assertThat(same).isEqualTo(new CommandLineRun(0, "", ""));
    assertThat(changed.code()).isEqualTo(9);
    assertThat(changed.lines()).hasSize(3).anyMatch(line -> line.matches("k7 +stale +2 +-"));
    assertThat(run("reconcile", "known", beliefs.toString(), "--report", "-o", "json").out())
        .isEqualTo("{\"ended\":1,\"match\":598,\"stale\":1}\n");
  }

  @Test
  void lease_throughItsLife_isTold() {
    String id = run("lease", "acquire", "jobs", "told", "--ttl", "1m", "-o", "json").out();
    String leaseId = id.replaceFirst("(?s).*\"leaseId\":\"([^\"]*)\".*", "$1");

    assertThat(run("lease", "renew", "jobs", "told", leaseId, "--ttl", "2m").code()).isZero();
    assertThat(run("lease", "release", "jobs", "told", leaseId).code()).isZero();
    assertThat(run("lease", "renew", "jobs", "told", leaseId, "--ttl", "2m").code()).isEqualTo(3);

    assertThat(run("lease", "history", "jobs", "told").out())
        .containsSubsequence("acquired", "renewed", "released");
  }

  @Test
  void leaseRun_program_hasTheFenceAndItsCodeCounts() throws IOException {
    Path seen = directory.resolve("fence");

    CommandLineRun ran =
        run(
            "lease",
            "run",
            "jobs",
            "nightly",
            "--ttl",
            "5s",
            "--",
            "sh",
            "-c",
            "printenv MAYFLY_FENCE > " + seen + "; exit 7");

    assertThat(ran).isEqualTo(new CommandLineRun(7, "", ""));
    long fence = Long.parseLong(Files.readString(seen).strip());
    CommandLineRun after = run("lease", "get", "jobs", "nightly", "-o", "json");
    assertThat(after.out()).contains("\"available\":1", "\"highestToken\":" + fence);
  }

  @Test
  void leaseRun_longerThanItsTtl_keepsTheLease() {
    CommandLineRun ran =
        run("lease", "run", "jobs", "long", "--ttl", "1s", "--", "sh", "-c", "sleep 3; exit 5");

    assertThat(ran.code()).as(ran.err()).isEqualTo(5);
  }

  @Test
  void leaseRun_whileSomebodyHoldsIt_isRefusedAndRunsNothing() {
    run("lease", "acquire", "jobs", "held", "--ttl", "1m", "--holder", "somebody");
    Path trace = directory.resolve("trace");

    CommandLineRun ran =
        run("lease", "run", "jobs", "held", "--ttl", "5s", "--", "touch", trace.toString());

    assertThat(ran.code()).isEqualTo(4);
    assertThat(ran.err()).contains("held by somebody", "--wait");
    assertThat(trace).doesNotExist();
  }

  @Test
  void launcher_asked_answersAsTheCommandLineDoes() throws Exception {
    assertThat(HOUSE.resolve("cli/target/mayfly/lib")).isDirectory();
    run("put", "demo", "k", "{\"a\":1}");

    assertThat(launched("get", "demo", "k")).isEqualTo("{\"a\":1}\n0");
    assertThat(launched("get", "demo", "none")).endsWith("3").contains("404 unknown-key");
    assertThat(launched("get", "demo")).endsWith("2").contains("Missing required parameter");
    assertThat(launched("lease", "run", "demo", "l", "--ttl", "5s", "--", "sh", "-c", "exit 9"))
        .isEqualTo("9");
  }

  private String launched(String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(HOUSE.resolve("mayfly").toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MAYFLY_URL", server.uri().toString());
    Process launcher = builder.start();
    String printed = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return printed + launcher.waitFor();
  }

  private CommandLineRun run(String... args) {
    return mayfly.run(args);
  }

  /** Posts the first lines of a file as they are: as many as fit into the pipes. */
  private List<String> posted(Path file) throws Exception {
    String lines = String.join("\n", Files.readAllLines(file).subList(0, 400));
    HttpRequest post =
        HttpRequest.newBuilder(server.uri().resolve("/v1/batch"))
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines))
            .build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(post, BodyHandlers.ofString());
    return answer.body().lines().toList();
  }
}
