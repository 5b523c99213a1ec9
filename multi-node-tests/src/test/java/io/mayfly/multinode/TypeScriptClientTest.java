package io.mayfly.multinode;

import io.mayfly.multinode.cluster.ServerProcess;
import io.mayfly.multinode.cluster.ServerSpec;
import io.mayfly.multinode.toolchain.Tool;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The TypeScript client's own tests, against a packaged server and servers that they kill. */
final class TypeScriptClientTest {
  @TempDir Path data;

  @Test
  void typeScriptClient_againstAServer_passesItsTests() throws Exception {
    Tool.require("node", "npm");
    try (ServerProcess server = ServerProcess.start(ServerSpec.of("typescript-client", data))) {
      Tool npm =
          new Tool(
              "typescript-client",
              Tool.root().resolve("clients/typescript"),
              Tool.environment(server.uri()));
      npm.requireSuccess("Node 20", "node", "-e", "AbortSignal.any([])");

      npm.run(Duration.ofMinutes(10), "sh", "-c", "npm ci --no-audit --no-fund && npm test");
    }
  }
}
