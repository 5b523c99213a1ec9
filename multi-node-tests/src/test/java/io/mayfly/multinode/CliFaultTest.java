package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.traffic.CommandLineClient;
import io.mayfly.multinode.traffic.CommandLineRun;
import io.mayfly.testing.Await;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line while its server is killed, restarted or paused. */
final class CliFaultTest {
  @TempDir Path data;

  @TempDir Path directory;

  private ServerProcess server;
  private CommandLineClient mayfly;

  @BeforeEach
  void start() {
    server = start(ServerSpec.freePort());
    mayfly = new CommandLineClient(server.uri());
  }

  private ServerProcess start(int port) {
    return ServerProcess.start(ServerSpec.of("cli-fault", data).onPort(port));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void import_whoseServerIsKilled_isWholeAndNothingIsDoneTwice() throws Exception {
    int count = 12_000;
    Path file = directory.resolve("many.ndjson");
    Files.writeString(
        file,
        IntStream.range(0, count)
            .mapToObj(i -> "{\"op\":\"increment\",\"namespace\":\"once\",\"key\":\"k" + i + "\"}\n")
            .collect(Collectors.joining()));
    int port = server.uri().getPort();

    CompletableFuture<CommandLineRun> importing =
        CompletableFuture.supplyAsync(
            () -> mayfly.run("import", file.toString(), "--timeout", "60s"));
    Await.until(
        "a part is there", () -> mayfly.run("ls", "once", "--limit", "300").lines().size() > 300);
    assertThat(importing).isNotDone();
    server.kill();
    server = start(port);
    CommandLineRun imported = importing.get(120, TimeUnit.SECONDS);

    assertThat(imported.out()).as(imported.err()).startsWith(count + " imported, 0");
    mayfly.awaitListed("once", count);
    assertThat(mayfly.entries("once")).hasSize(count).allMatch(line -> line.contains(" 1 1 "));
  }

  @Test
  void watch_whoseServerIsKilled_tellsEveryEventOnce() throws Exception {
    int port = server.uri().getPort();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mayfly.run("put", "seen", "k0", "0");

    CompletableFuture<CommandLineRun> watching =
        CompletableFuture.supplyAsync(
            () ->
                mayfly.run(out, "watch", "seen", "--from", "start", "--count", "40", "-o", "json"));
    IntStream.range(1, 20).forEach(i -> mayfly.run("put", "seen", "k" + i, Integer.toString(i)));
    Await.until("half is told", () -> out.toString(StandardCharsets.UTF_8).lines().count() == 20);
    server.kill();
    server = start(port);
    IntStream.range(20, 40).forEach(i -> mayfly.run("put", "seen", "k" + i, Integer.toString(i)));
    CommandLineRun watched = watching.get(60, TimeUnit.SECONDS);

    assertThat(watched.err()).contains("The stream was cut; going on after");
    assertThat(watched.lines().stream().map(CliFaultTest::key))
        .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(i -> "k" + i).toList());
  }

  @Test
  void leaseRun_whoseServerStandsStill_killsTheProgramBeforeTheLeaseEnds() throws Exception {
    Path pid = directory.resolve("pid");
    CompletableFuture<CommandLineRun> running =
        CompletableFuture.supplyAsync(
            () ->
                mayfly.run(
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

  private static String key(String event) {
    return event.replaceFirst(".*\"key\":\"([^\"]*)\".*", "$1");
  }
}
