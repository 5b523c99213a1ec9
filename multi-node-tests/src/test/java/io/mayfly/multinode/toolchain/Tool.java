package io.mayfly.multinode.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A run of another language's tool.
 *
 * @param name of its log in {@code target/tools}
 * @param directory in which it runs
 * @param environment what it is told beside the environment of the tests
 */
public record Tool(String name, Path directory, Map<String, String> environment) {
  private static final int SHOWN_CHARACTERS = 20_000;

  public Tool {
    environment = Map.copyOf(environment);
  }

  /** Skips the test where one of the commands is missing. */
  public static void require(String... commands) {
    for (String command : commands) {
      assumeTrue(present(command), command + " is missing: clients/install-toolchains installs it");
    }
  }

  /** Skips the test where a command fails; says what is missing then. */
  public void requireSuccess(String missing, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(command))
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assumeTrue(
        process.waitFor() == 0, missing + " is missing: clients/install-toolchains installs it");
  }

  /** The environment of a client's tests: a server that runs, and the way to start others. */
  public static Map<String, String> environment(URI server) {
    return Map.of(
        "MAYFLY_URL",
        server.toString(),
        "MAYFLY_LAUNCHER",
        root().resolve("mayfly").toString(),
        "MAYFLY_JAVA",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "MAYFLY_JAVA_OPTS",
        "-Xmx512m");
  }

  /** The root of the project. */
  public static Path root() {
    return Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
  }

  /** Runs a command to its end; fails unless that is a success within the limit. */
  public void run(Duration limit, String... command) throws IOException, InterruptedException {
    Path logs = Path.of(System.getProperty("basedir", "."), "target", "tools");
    Files.createDirectories(logs);
    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(ended).as("%s within %s:%n%s", name, limit, end(log)).isTrue();
      assertThat(process.exitValue()).as("%s:%n%s", name, end(log)).isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String end(Path log) throws IOException {
    String output = Files.readString(log, StandardCharsets.UTF_8);
    return output.substring(Math.max(0, output.length() - SHOWN_CHARACTERS));
  }

  private static boolean present(String command) {
    for (String directory :
        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(directory, command))) {
        return true;
      }
    }
    return false;
  }
}
