package io.mayfly.multinode;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.toolchain.Tool;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Go client's own tests, against a packaged server and servers that they kill. */
final class GoClientTest {
  @TempDir Path data;

  @Test
  void goClient_againstAServer_passesItsTests() throws Exception {
    Tool.require("go");
    try (ServerProcess server = ServerProcess.start(ServerSpec.of("go-client", data))) {
      Tool go =
          new Tool("go-client", Tool.root().resolve("clients/go"), Tool.environment(server.uri()));

      go.run(Duration.ofMinutes(10), "go", "test", "-count=1", "-vet=all", "-v", "./...");
    }
  }
}
