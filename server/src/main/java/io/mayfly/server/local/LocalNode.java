package io.mayfly.server.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One node of a local cluster, as a process. Its command line says everything it needs, so that
 * whoever runs it again has the same node; who runs is written in its directory.
 */
final class LocalNode {
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final int number;
  private final String url;
  private final Path directory;
  private final Process process;

  private LocalNode(int number, String url, Path directory, Process process) {
    this.number = number;
    this.url = url;
    this.directory = directory;
    this.process = process;
  }

  /** Starts a node. What it prints goes to a file in its directory. */
  static LocalNode start(int number, String url, Path directory, List<String> command)
      throws IOException {
    Files.createDirectories(directory);
    stopLeftOver(directory);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(directory.resolve("log").toFile()))
            .start();
    return new LocalNode(number, url, directory, process);
  }

  /** A node that outlived the command that started it would hold port and address. */
  private static void stopLeftOver(Path directory) throws IOException {
    LocalProcess.terminate(NodeProcess.in(directory), Duration.ofSeconds(40));
  }

  /** What people are told. */
  String line() {
    return "node " + number + " pid " + process.pid() + " http " + url;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Where it says what it does. */
  Path log() {
    return directory.resolve("log");
  }

  /** Whether it serves. */
  boolean ready(HttpClient http) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/health/ready")).timeout(ANSWER).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Stops the node, also when somebody else has started it again. */
  void stop(Duration patience) {
    LocalProcess.terminate(Optional.of(process.toHandle()), patience);
    try {
      LocalProcess.terminate(NodeProcess.in(directory), patience);
    } catch (IOException e) {
      System.err.println("mayfly: cannot tell whether node " + number + " still runs: " + e);
    }
  }
}
