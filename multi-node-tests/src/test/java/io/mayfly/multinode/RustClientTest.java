package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Rust client passes its own tests against a real server: all vectors, chaos, pauses, and what
 * its README shows.
 */
final class RustClientTest {
  private static final Path BASE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
  private static final Path CRATE = BASE.resolve("../clients/rust").normalize();
  private static final Path REGISTRY = Path.of("/usr/share/cargo/registry");
  private static final Pattern DEPENDENCY =
      Pattern.compile("^([a-z0-9_-]+) = (?:\"\\d|\\{ version)", Pattern.MULTILINE);
  private static final Pattern FIGURES =
      Pattern.compile("^(?:chaos|conformance|retries|test result).*$", Pattern.MULTILINE);
  private static final String HINT = " (clients/install-toolchains installs it)";

  @TempDir Path data;

  @Test
  void client_againstRealServers_passesItsTests() throws Exception {
    assumeTrue(succeeds("cargo", "--version"), "cargo is not here" + HINT);
    for (String crate : crates()) {
      assumeTrue(isPackaged(crate), "the crate " + crate + " is not in " + REGISTRY + HINT);
    }

    Path log = Files.createDirectories(BASE.resolve("target")).resolve("rust-client.log");
    int exit;
    try (ServerProcess server = ServerProcess.start(ServerSpec.of("rust-client", data))) {
      exit = test(server, log);
    }

    String output = Files.readString(log);
    FIGURES
        .matcher(output)
        .results()
        .forEach(line -> System.out.println("RustClientTest: " + line.group()));
    assertThat(exit).as(output).isZero();
    assertThat(output).contains("test client_conforms_to_every_vector ... ok");
  }

  private static int test(ServerProcess server, Path log) throws Exception {
    ProcessBuilder cargo =
        new ProcessBuilder(
                "cargo", "--config", "debian.toml", "test", "--offline", "--", "--nocapture")
            .directory(CRATE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    cargo.environment().put("CARGO_TARGET_DIR", BASE.resolve("target/rust-client").toString());
    cargo.environment().put("MAYFLY_URL", server.uri().toString());
    cargo.environment().put("MAYFLY_LAUNCHER", BASE.resolve("../mayfly").normalize().toString());
    Process process = cargo.start();
    if (!process.waitFor(20, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("still running after 20 minutes, see " + log);
    }
    return process.exitValue();
  }

  /** The crates that the client names. */
  private static List<String> crates() throws IOException {
    String manifest = Files.readString(CRATE.resolve("Cargo.toml"));
    List<String> crates =
        DEPENDENCY
            .matcher(manifest.substring(manifest.indexOf("[dependencies]")))
            .results()
            .map(dependency -> dependency.group(1))
            .toList();
    assertThat(crates).contains("ureq", "serde_json");
    return crates;
  }

  private static boolean isPackaged(String crate) throws IOException {
    if (!Files.isDirectory(REGISTRY)) {
      return false;
    }
    try (Stream<Path> directories = Files.list(REGISTRY)) {
      return directories.anyMatch(
          directory -> directory.getFileName().toString().matches(crate + "-\\d.*"));
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
