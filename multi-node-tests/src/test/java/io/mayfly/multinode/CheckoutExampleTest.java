package io.mayfly.multinode;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.toolchain.Tool;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of two services that share a cart and a lock, each killed in the middle. */
final class CheckoutExampleTest {
  @TempDir Path data;

  @Test
  void checkout_servicesKilledInTheMiddle_sellsEachItemOnce() throws Exception {
    Tool.require("bash", "go", "cargo");
    try (ServerProcess server = ServerProcess.start(ServerSpec.of("checkout", data))) {
      Tool example =
          new Tool(
              "checkout", Tool.root().resolve("examples/checkout"), Tool.environment(server.uri()));
      example.requireSuccess(
          "a crate of clients/rust",
          "cargo",
          "--config=../../clients/rust/debian.toml",
          "metadata",
          "--offline",
          "--format-version=1",
          "--manifest-path=till/Cargo.toml");

      example.run(Duration.ofMinutes(10), "bash", "run");
    }
  }
}
