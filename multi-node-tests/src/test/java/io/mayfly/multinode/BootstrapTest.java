package io.mayfly.multinode;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.multinode.cluster.ClusterProcess;
import io.mayfly.multinode.traffic.StateClient;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that find each other by a discovery form one cluster, and a lost one finds it again. */
final class BootstrapTest {
  private static final Duration BACK_MAX = Duration.ofSeconds(90);

  @TempDir Path data;

  @Test
  void nodesWithoutSeeds_formOneClusterAndFindItAgain() throws Exception {
    try (ClusterProcess cluster = ClusterProcess.startByDiscovery(data)) {
      EntryId id = new EntryId("found", "k");
      StateClient third = new StateClient(cluster.uri(3), Duration.ofSeconds(5));
      assertThat(new StateClient(cluster.uri(1)).put(id, "ttl=1h", "7").isSuccess()).isTrue();
      assertThat(third.get(id).body()).isEqualTo("7");
      for (int node = 1; node <= cluster.size(); node++) {
        assertThat(status(cluster.contact(node).resolve("/ready"))).isEqualTo(200);
        assertThat(status(cluster.contact(node).resolve("/alive"))).isEqualTo(200);
      }

      cluster.kill(3);
      cluster.restart(3);

      Await.until("node 3 is ready again", BACK_MAX, () -> ready(third));
      assertThat(third.get(id).body()).isEqualTo("7");
      assertThat(third.cluster().json().path("members")).hasSize(cluster.size());
    }
  }

  private static boolean ready(StateClient node) {
    try {
      return node.readiness().status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static int status(URI uri) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
