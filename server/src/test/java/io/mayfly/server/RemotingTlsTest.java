package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.server.tls.RemotingTls;
import io.mayfly.server.tls.TestCertificates;
import io.mayfly.sharding.peer.Forwarding;
import io.mayfly.sharding.peer.PeerLinks;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorNotFound;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.pattern.Patterns;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS between nodes: actor systems with the server's own configuration. */
final class RemotingTlsTest {
  private static final Path SHIPPED = Path.of("..", "application.conf");
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration FUTILE = Duration.ofSeconds(2);

  @TempDir private static Path directory;
  private static TestCertificates known;
  private static TestCertificates strange;
  private static ActorSystem first;

  /** Answers with what it gets. */
  private static final class Echo extends AbstractActor {
    @Override
    public Receive createReceive() {
      return receiveBuilder().matchAny(message -> getSender().tell(message, getSelf())).build();
    }
  }

  @BeforeAll
  static void start() {
    known =
        TestCertificates.authority(directory, "known")
            .issue("node-1", "RSA")
            .issue("node-2", "RSA")
            .issue("elliptic", "EC");
    strange = TestCertificates.authority(directory, "strange").issue("stranger", "RSA");
    first = system(settings(known, "node-1"));
    first.actorOf(Props.create(Echo.class, Echo::new), "echo");
    Cluster.get(first).join(Cluster.get(first).selfAddress());
  }

  @AfterAll
  static void stop() {
    Systems.stop(first);
  }

  private static Map<String, Object> settings(TestCertificates authority, String name) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("mayfly.remoting.tls.enabled", "on");
    settings.put("mayfly.remoting.tls.certificate", authority.certificate(name).toString());
    settings.put("mayfly.remoting.tls.key", authority.key(name).toString());
    settings.put("mayfly.remoting.tls.authority", authority.authorityFile().toString());
    return settings;
  }

  private static ActorSystem system(Map<String, Object> settings) {
    return ActorSystem.create("mayfly", RemotingTls.applied(Configuration.load(SHIPPED, settings)));
  }

  private static Address address() {
    return Cluster.get(first).selfAddress();
  }

  private static ActorRef echo(ActorSystem from, Duration patience) {
    return from.actorSelection(address() + "/user/echo")
        .resolveOne(patience)
        .toCompletableFuture()
        .join();
  }

  @Test
  void node_ofTheSameAuthority_talksAndJoins() {
    ActorSystem second = system(settings(known, "node-2"));
    try {
      Object answer =
          Patterns.ask(echo(second, PATIENCE), "hello", PATIENCE).toCompletableFuture().join();
      Cluster.get(second).join(address());

      assertThat(answer).isEqualTo("hello");
      Await.until(
          "both nodes are members",
          () ->
              Cluster.get(first).state().members().size() == 2
                  && Cluster.get(second).state().members().size() == 2);
    } finally {
      Cluster.get(first).down(Cluster.get(second).selfAddress());
      Systems.stop(second);
    }
  }

  @Test
  void node_withoutTls_doesNotGetIn() {
    ActorSystem outsider = system(Map.of());
    try {
      assertThatThrownBy(() -> echo(outsider, FUTILE))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(ActorNotFound.class);
    } finally {
      Systems.stop(outsider);
    }
  }

  @Test
  void node_ofAnotherAuthority_doesNotGetIn() {
    ActorSystem outsider = system(settings(strange, "stranger"));
    try {
      assertThatThrownBy(() -> echo(outsider, FUTILE))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(ActorNotFound.class);
    } finally {
      Systems.stop(outsider);
    }
  }

  @Test
  void connection_ofTheSameAuthority_isKeptOpenAndOneWithoutCertificateIsEnded()
      throws IOException {
    assertThat(handshake(known.clientWith("node-2"))).isEqualTo("open");
    assertThat(handshake(known.client())).isEqualTo("refused");
  }

  @Test
  void requests_thatGoDirectly_areSecuredAsRemotingIs() throws IOException {
    ForwardedRequest request =
        new ForwardedRequest(
            1, new EntryId("ns", "key"), EntryCommand.Settle.NOW, 1, Long.MAX_VALUE, null);
    ForwardedReply reply = new ForwardedReply(1, false, EntryReply.Settled.INSTANCE);
    PeerLinks.Settings anywhere = new PeerLinks.Settings("127.0.0.1", 0, 0, "");
    PeerLinks serving =
        PeerLinks.start(Adapter.toTyped(first), anywhere, InstantSource.system(), () -> true);
    serving.serve((forwarded, answer) -> answer.accept(reply));
    ActorSystem second = system(settings(known, "node-2"));
    try {
      PeerLinks links =
          PeerLinks.start(Adapter.toTyped(second), anywhere, InstantSource.system(), () -> true);
      Heard heard = new Heard();
      Await.until("a connection", () -> links.forward(address(), request, heard));

      assertThat(heard.answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
          .isEqualTo(reply);
      assertThat(handshake(known.clientWith("node-2"), serving.port())).isEqualTo("open");
      assertThat(handshake(known.client(), serving.port())).isEqualTo("refused");
    } finally {
      Systems.stop(second);
    }
  }

  /** The answer to a request. */
  private static final class Heard implements Forwarding.Waiting {
    private final CompletableFuture<ForwardedReply> answer = new CompletableFuture<>();

    @Override
    public void answered(ForwardedReply reply) {
      answer.complete(reply);
    }

    @Override
    public void notSent() {
      answer.completeExceptionally(new AssertionError("not sent"));
    }

    @Override
    public void lost() {
      answer.completeExceptionally(new AssertionError("lost"));
    }

    @Override
    public CompletionStage<?> over() {
      return answer;
    }
  }

  private static String handshake(SSLContext context) throws IOException {
    return handshake(context, address().getPort().orElseThrow(AssertionError::new));
  }

  /** What becomes of a TLS connection: under TLS 1.3 a client learns of its refusal as it reads. */
  private static String handshake(SSLContext context, int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout((int) FUTILE.toMillis());
      socket.startHandshake();
      return socket.getInputStream().read() < 0 ? "closed" : "answered";
    } catch (SSLException e) {
      return "refused";
    } catch (SocketTimeoutException e) {
      return "open";
    }
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "certificate, missing, cannot be read",
    "certificate, stranger.crt, is not the key of the",
    "key, missing, cannot be read",
    "authority, '', expected",
    "authority, strange.pem, is not issued by",
  })
  void file_thatIsNotUsable_isRefusedByName(String setting, String file, String expected) {
    Map<String, Object> settings = settings(known, "node-1");
    String path = file.isEmpty() ? "" : directory.resolve(file).toString();
    settings.put("mayfly.remoting.tls." + setting, path);
    Config config = Configuration.load(SHIPPED, settings);

    assertThatThrownBy(() -> RemotingTls.applied(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mayfly.remoting.tls.")
        .hasMessageContaining(expected);
  }

  @Test
  void key_thatRemotingCannotRead_isRefused() {
    Config config = Configuration.load(SHIPPED, settings(known, "elliptic"));

    assertThatThrownBy(() -> RemotingTls.applied(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("RSA");
  }
}
