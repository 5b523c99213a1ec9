package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.mayfly.server.tls.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS towards clients: the real server, and clients that trust its authority or do not. */
final class GatewayTlsTest {
  private static final Path SHIPPED = Path.of("..", "application.conf");

  @TempDir private static Path directory;
  private static TestCertificates known;
  private static TestCertificates strange;

  @BeforeAll
  static void issue() throws IOException {
    known =
        TestCertificates.authority(directory, "known")
            .issue("gateway", "RSA")
            .issue("elliptic", "EC")
            .issue("client", "RSA");
    strange = TestCertificates.authority(directory, "strange").issue("stranger", "RSA");
    Files.writeString(directory.resolve("empty"), "");
    Files.writeString(
        directory.resolve("damaged"),
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n");
    Files.writeString(
        directory.resolve("old"),
        Files.readString(known.key("gateway")).replace("PRIVATE", "RSA PRIVATE"));
  }

  private static Map<String, Object> settings(String name) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("mayfly.http.tls.enabled", "on");
    settings.put("mayfly.http.tls.certificate", known.certificate(name).toString());
    settings.put("mayfly.http.tls.key", known.key(name).toString());
    return settings;
  }

  private static HttpResponse<String> put(TestNode node, SSLContext context)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().sslContext(context).build();
    return client.send(
        HttpRequest.newBuilder(URI.create(node.uri() + "/v1/state/demo/secret"))
            .PUT(BodyPublishers.ofString("{\"a\":\"" + "x".repeat(40_000) + "\"}"))
            .timeout(Duration.ofSeconds(20))
            .build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gateway", "elliptic"})
  void server_withTls_servesClientsThatTrustIt(String name, @TempDir Path data)
      throws IOException, InterruptedException {
    try (TestNode node = TestNode.configured(data, settings(name))) {
      assertThat(node.uri().toString()).startsWith("https://127.0.0.1:");
      assertThat(put(node, known.client()).statusCode()).isEqualTo(201);
      assertThat(put(node, known.client()).statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> put(node, strange.client()))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(clear(node)).isNotEqualTo(200);
      assertThat(put(node, known.client()).statusCode()).isEqualTo(200);
    }
  }

  /** The status of a request without TLS; 0 when the server closed. */
  private static int clear(TestNode node) throws IOException {
    try {
      return RawExchange.send(
              node.uri(), RawConversation.request("GET /health/live HTTP/1.1", new byte[0]))
          .status();
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  void server_withAClientAuthority_servesOnlyItsClients(@TempDir Path data)
      throws IOException, InterruptedException {
    Map<String, Object> settings = settings("gateway");
    settings.put("mayfly.http.tls.client-authority", known.authorityFile().toString());

    try (TestNode node = TestNode.configured(data, settings)) {
      assertThat(put(node, known.clientWith("client")).statusCode()).isEqualTo(201);
      assertThatThrownBy(() -> put(node, known.client())).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "certificate, '', expected",
    "certificate, missing, cannot be read",
    "certificate, empty, holds no certificate",
    "certificate, gateway.key, holds no certificate",
    "certificate, client.crt, is not the key of the",
    "certificate, elliptic.crt, is not the key of the",
    "key, '', expected",
    "key, missing, cannot be read",
    "key, empty, PKCS#8",
    "key, gateway.crt, PKCS#8",
    "key, old, PKCS#8",
    "key, damaged, is damaged",
    "key, client.key, is not the key of the",
    "client-authority, missing, cannot be read",
    "client-authority, gateway.key, holds no certificate",
  })
  void file_thatIsNotUsable_isRefusedByName(String setting, String file, String expected)
      throws IOException {
    Map<String, Object> settings = settings("gateway");
    String path = file.isEmpty() ? "" : directory.resolve(file).toString();
    settings.put("mayfly.http.tls." + setting, path);
    Config config = Configuration.load(SHIPPED, settings);

    assertThatThrownBy(() -> HttpAddress.from(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mayfly.http.tls.")
        .hasMessageContaining(expected)
        .hasMessageNotContaining("MII");
  }
}
