package io.mayfly.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Attributes.CancellationStrategy;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A server that listens: the HTTP layer of Pekko HTTP between our own stages. Its own server has
 * eleven stages more for each connection, through which everything passes.
 */
public final class Listener {
  private static final int LOOKS = 4;

  private final Tcp.ServerBinding binding;
  private final Connections connections;

  private Listener(Tcp.ServerBinding binding, Connections connections) {
    this.binding = binding;
    this.connections = connections;
  }

  static CompletionStage<Listener> bind(
      ActorSystem<?> system,
      HttpSettings settings,
      BiFunction<HttpRequest, Peer, CompletionStage<HttpResponse>> handler,
      InetSocketAddress address,
      @Nullable Supplier<SSLEngine> tls) {
    Duration shortest =
        settings.headTimeout().compareTo(settings.idleTimeout()) < 0
            ? settings.headTimeout()
            : settings.idleTimeout();
    Connections connections = new Connections(system, shortest.dividedBy(LOOKS));
    ServerSettings server = settings.server();
    Flow<ByteString, ByteString, CompletionStage<Void>> connection =
        Flow.fromGraph(
                new Exchange(
                    handler, connections, server.getPipeliningLimit(), settings.headTimeout()))
            .join(
                Http.get(system)
                    .serverLayer(server)
                    .atop(wire(connections, settings.idleTimeout(), tls)));
    Attributes patience =
        Attributes.none()
            .and(
                new CancellationStrategy(
                    Attributes.cancellationStrategyAfterDelay(
                        server.getStreamCancellationDelay(),
                        Attributes.cancellationStrategyFailStage())));
    return Tcp.get(system)
        .bind(
            address.getHostString(),
            address.getPort(),
            server.getBacklog(),
            server.getSocketOptions(),
            /* halfClose= */ false,
            Optional.<Duration>empty())
        .mapAsyncUnordered(
            server.getMaxConnections(),
            incoming ->
                connection
                    .joinMat(incoming.flow(), Keep.left())
                    .addAttributes(patience)
                    .run(system)
                    .thenApply(over -> NotUsed.getInstance()))
        .to(Sink.ignore())
        .run(system)
        .thenApply(binding -> new Listener(binding, connections));
  }

  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> wire(
      Connections connections, Duration idleTimeout, @Nullable Supplier<SSLEngine> tls) {
    return tls == null
        ? BidiFlow.fromGraph(new Wire(connections, idleTimeout))
        : TLS.create(tls, TLSClosing.eagerClose())
            .atop(BidiFlow.bidirectionalIdleTimeout(idleTimeout));
  }

  /** Where it listens. */
  public InetSocketAddress localAddress() {
    return binding.localAddress();
  }

  /** Takes no connections any more; completes when the port is free. */
  public CompletionStage<?> unbind() {
    return binding.unbind();
  }

  /**
   * Closes each connection once the requests that came on it are answered; completes when all are
   * closed.
   */
  public CompletionStage<?> drain() {
    return connections.drain();
  }
}
