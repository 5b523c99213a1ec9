package io.mayfly.multinode;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.toolchain.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Rust client's own tests, against a packaged server and servers that they kill: all vectors,
 * chaos, pauses, and what its README shows.
 */
final class RustClientTest {
  @TempDir Path data;

  @Test
  void rustClient_againstAServer_passesItsTests() throws Exception {
    Tool.require("cargo");
    try (ServerProcess server = ServerProcess.start(ServerSpec.of("rust-client", data))) {
      Map<String, String> environment = new HashMap<>(Tool.environment(server.uri()));
      environment.put(
          "CARGO_TARGET_DIR",
          Tool.root().resolve("multi-node-tests/target/rust-client").toString());
      Tool cargo = new Tool("rust-client", Tool.root().resolve("clients/rust"), environment);
      cargo.requireSuccess(
          "a crate of clients/rust/Cargo.toml",
          "cargo",
          "--config",
          "debian.toml",
          "metadata",
          "--offline",
          "--format-version=1");

      cargo.run(
          Duration.ofMinutes(20),
          "cargo",
          "--config",
          "debian.toml",
          "test",
          "--workspace",
          "--offline",
          "--",
          "--nocapture");
    }
  }
}
