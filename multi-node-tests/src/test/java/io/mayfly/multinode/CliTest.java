package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.traffic.CommandLineRun;
import io.mayfly.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a real server, also while that one is killed, restarted or paused. */
final class CliTest {
  private static final Path HOUSE =
      Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();

  @TempDir Path data;
  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private ServerProcess server;

  @BeforeEach
  void start() {
    server = start(ServerSpec.freePort());
  }

  private ServerProcess start(int port) {
    return ServerProcess.start(ServerSpec.of("cli", data).onPort(port));
  }

  @AfterEach
  void stop() {
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
    fill("origin", 2500);
    Path file = directory.resolve("origin.ndjson");

    assertThat(run("export", "origin", file.toString()).code()).isZero();
    assertThat(run("import", file.toString(), "--into", "copy").out()).startsWith("2500 imported");
    CommandLineRun again = run("import", file.toString(), "--into", "copy", "--if-absent");

    assertThat(again.out()).startsWith("0 imported, 2500 were there");
    awaitListed("copy", 2500);
    assertThat(entries("copy")).isEqualTo(entries("origin"));
    assertThat(posted(file)).hasSize(400).allMatch(line -> line.contains("\"status\":200"));
  }

  @Test
  void import_whoseServerIsKilled_isWholeAndNothingIsDoneTwice() throws Exception {
    int count = 20_000;
    Path file = directory.resolve("many.ndjson");
    Files.writeString(
        file,
        IntStream.range(0, count)
            .mapToObj(i -> "{\"op\":\"increment\",\"namespace\":\"once\",\"key\":\"k" + i + "\"}\n")
            .collect(Collectors.joining()));
    int port = server.uri().getPort();

    CompletableFuture<CommandLineRun> importing =
        CompletableFuture.supplyAsync(() -> run("import", file.toString(), "--timeout", "60s"));
    Await.until("a part is there", () -> run("ls", "once", "--limit", "300").lines().size() > 300);
    assertThat(importing).isNotDone();
    server.kill();
    server = start(port);
    CommandLineRun imported = importing.get(120, TimeUnit.SECONDS);

    assertThat(imported.out()).as(imported.err()).startsWith(count + " imported, 0");
    awaitListed("once", count);
    assertThat(entries("once")).hasSize(count).allMatch(line -> line.endsWith(" 1 1"));
  }

  @Test
  void watch_whoseServerIsKilled_tellsEveryEventOnce() throws Exception {
    int port = server.uri().getPort();
    URI uri = server.uri();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    run("put", "seen", "k0", "0");

    CompletableFuture<CommandLineRun> watching =
        CompletableFuture.supplyAsync(
            () ->
                CommandLineRun.of(
                    uri, out, "watch", "seen", "--from", "start", "--count", "40", "-o", "json"));
    IntStream.range(1, 20).forEach(i -> run("put", "seen", "k" + i, Integer.toString(i)));
    Await.until("half is told", () -> out.toString(StandardCharsets.UTF_8).lines().count() == 20);
    server.kill();
    server = start(port);
    IntStream.range(20, 40).forEach(i -> run("put", "seen", "k" + i, Integer.toString(i)));
    CommandLineRun watched = watching.get(60, TimeUnit.SECONDS);

    assertThat(watched.err()).contains("The stream was cut; going on after");
    assertThat(watched.lines().stream().map(CliTest::key))
        .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(i -> "k" + i).toList());
  }

  @Test
  void reconcile_ofAList_tellsWhatChangedSince() throws Exception {
    fill("known", 600);
    awaitListed("known", 600);
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
  void leaseRun_whoseServerStandsStill_killsTheProgramBeforeTheLeaseEnds() throws Exception {
    Path pid = directory.resolve("pid");
    CompletableFuture<CommandLineRun> running =
        CompletableFuture.supplyAsync(
            () ->
                run(
                    "lease",
                    "run",
                    "jobs",
                    "lost",
                    "--ttl",
                    "3s",
                    "--",
                    "sh",
                    "-c",
                    "echo $$ > " + pid + "; sleep 120"));
    Await.until("it runs", () -> Files.exists(pid) && Files.size(pid) > 1);
    ProcessHandle program =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();

    server.pause();
    long pausedNanos = System.nanoTime();
    program.onExit().get(20, TimeUnit.SECONDS);
    Duration killedAfter = Duration.ofNanos(System.nanoTime() - pausedNanos);
    server.resume();

    assertThat(killedAfter).isLessThan(Duration.ofSeconds(3));
    CommandLineRun ran = running.get(20, TimeUnit.SECONDS);
    assertThat(ran.code()).isEqualTo(120);
    assertThat(ran.err()).contains("The lease was lost, and the program was killed");
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
    return CommandLineRun.of(server.uri(), args);
  }

  private void fill(String namespace, int count) throws IOException {
    Path file = directory.resolve(namespace + "-fill.ndjson");
    Files.writeString(
        file,
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "{\"op\":\"put\",\"namespace\":\"%s\",\"key\":\"k%d\",\"ttl\":\"1h\",\"value\":%d}\n"
                        .formatted(namespace, i, i))
            .collect(Collectors.joining()));
    CommandLineRun filled = run("batch", file.toString());
    assertThat(filled.code()).as(filled.err()).isZero();
    assertThat(filled.lines()).hasSize(count + 1);
  }

  private void awaitListed(String namespace, int count) {
    Await.until(
        count + " are listed", () -> run("ls", namespace, "-o", "json").lines().size() == count);
  }

  /** Key, deadline where it was put, revision and value of each entry. */
  private List<String> entries(String namespace) {
    List<String> lines = new ArrayList<>();
    for (String line : run("ls", namespace, "--values").lines()) {
      String[] cells = line.split(" +", -1);
      String deadline = namespace.equals("once") ? "" : cells[3];
      lines.add(cells[0] + ' ' + deadline + ' ' + cells[1] + ' ' + cells[4]);
    }
    return lines.subList(1, lines.size());
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

  private static String key(String event) {
    return event.replaceFirst(".*\"key\":\"([^\"]*)\".*", "$1");
  }
}
