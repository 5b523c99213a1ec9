package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contracts outlive a restart, and are in force before the first request is answered. */
final class ContractRestartTest {
  @Test
  void contracts_areInForceAfterARestart(@TempDir Path data) {
    String read;
    try (TestNode node = TestNode.start(data, Map.of())) {
      for (int i = 0; i < 150; i++) {
        node.put("/v1/contracts/many-" + i, "{\"owner\":\"o" + i + "\"}").is(201);
      }
      node.put("/v1/contracts/gone", "{}").is(201);
      node.delete("/v1/contracts/gone").is(204);
      node.put("/v1/contracts/kept", "{\"lifetime\":{\"max\":\"1m\",\"default\":\"1m\"}}").is(201);
      read = node.get("/v1/contracts").is(200).text();
    }

    try (TestNode node = TestNode.start(data, Map.of())) {
      node.put("/v1/state/kept/k?ttl=2m", "1").violates("lifetime.max");
      assertThat(node.get("/v1/contracts").is(200).text()).isEqualTo(read);
      node.get("/v1/contracts/gone").isProblem(404, "unknown-contract");
      assertThat(node.put("/v1/contracts/gone", "{}").is(201).header("ETag")).isEqualTo("\"2\"");
    }
  }

  @Test
  void contractsMax_isHeld(@TempDir Path data) {
    try (TestNode node =
        TestNode.configured(data, Map.of("mayfly.contract.registry.contracts-max", 2))) {
      node.put("/v1/contracts/a", "{}").is(201);
      node.put("/v1/contracts/b", "{}").is(201);

      node.put("/v1/contracts/c", "{}").isProblem(409, "too-many-contracts");
      node.put("/v1/contracts/a", "{}").is(200);
      node.delete("/v1/contracts/a").is(204);
      node.put("/v1/contracts/c", "{}").is(201);
    }
  }
}
