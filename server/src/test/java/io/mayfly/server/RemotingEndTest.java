package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.remote.RemoteActorRefProvider;
import org.apache.pekko.remote.artery.ArteryTransport;
import org.junit.jupiter.api.Test;
import scala.concurrent.Promise;

final class RemotingEndTest {
  private static final Path SHIPPED = Path.of("..", "application.conf");
  private static final long PATIENCE_SECONDS = 30;

  @Test
  void system_whoseRemotingNeverEnds_terminatesAndGivesItsPortBack() throws Exception {
    ActorSystem system = ActorSystem.create("mayfly", Configuration.load(SHIPPED, Map.of()));
    int port = Cluster.get(system).selfAddress().getPort().orElseThrow(AssertionError::new);
    addStreamWithoutEnd(system);

    system.terminate();

    assertThat(system.getWhenTerminated()).succeedsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS);
    try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(again.getLocalPort()).isEqualTo(port);
    }
  }

  /** What a TLS stream that stands still is to remoting. */
  private static void addStreamWithoutEnd(ActorSystem system) {
    ArteryTransport transport =
        (ArteryTransport)
            ((RemoteActorRefProvider) ((ExtendedActorSystem) system).provider()).transport();
    transport.updateStreamMatValues(
        Integer.MAX_VALUE,
        new ArteryTransport.InboundStreamMatValues<>("", Promise.<Done>apply().future()));
  }
}
