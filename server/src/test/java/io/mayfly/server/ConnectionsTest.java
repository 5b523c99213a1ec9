package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many connections of clients that do nothing, or hardly anything. */
final class ConnectionsTest {
  private static final int CONNECTIONS = 3_000;

  @TempDir private static Path data;

  @Test
  void connectionsThatIdleOrDrip_stopNobody() throws IOException {
    try (TestNode node = TestNode.start(data, Map.of())) {
      URI uri = node.uri();
      InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
      List<SocketChannel> idle = new ArrayList<>();
      try {
        for (int i = 0; i < CONNECTIONS; i++) {
          SocketChannel channel = SocketChannel.open(address);
          idle.add(channel);
          if (i % 2 == 0) {
            channel.write(ByteBuffer.wrap("GET /v1/st".getBytes(StandardCharsets.US_ASCII)));
          }
        }
        for (int i = 0; i < CONNECTIONS; i += 2) {
          idle.get(i).write(ByteBuffer.wrap(new byte[] {'a'}));
        }

        assertThat(node.put("/v1/state/demo/k", "1").status()).isEqualTo(201);
        Socket last = idle.get(CONNECTIONS - 1).socket();
        last.setSoTimeout(10_000);
        last.getOutputStream()
            .write(
                "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(last.getInputStream().readNBytes(15))
            .asString(StandardCharsets.US_ASCII)
            .isEqualTo("HTTP/1.1 200 OK");
      } finally {
        for (SocketChannel channel : idle) {
          channel.close();
        }
      }
    }
  }
}
