package io.mayfly.sharding.peer;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/** TLS of the connections between nodes: as remoting has it, or none. */
final class PeerTls {
  private static final Logger LOG = LoggerFactory.getLogger(PeerTls.class);
  private static final String TRANSPORT = "pekko.remote.artery.transport";

  private final @Nullable SSLEngineProvider engines;

  PeerTls(ActorSystem system) {
    this.engines =
        system.settings().config().getString(TRANSPORT).equals("tls-tcp")
            ? new RotatingKeysSSLEngineProvider(system)
            : null;
  }

  /** Whether connections are secured at all. */
  boolean on() {
    return engines != null;
  }

  /** Begins a connection to a node; what is secured runs when it has proven itself. */
  void client(Channel channel, String host, int port, Runnable secured) {
    begin(
        channel,
        provider -> provider.createClientSSLEngine(host, port),
        (provider, session) -> provider.verifyClientSession(host, session),
        secured);
  }

  /** Begins a connection from a node; what is secured runs when it has proven itself. */
  void server(Channel channel, String host, int port, Runnable secured) {
    begin(
        channel,
        provider -> provider.createServerSSLEngine(host, port),
        (provider, session) -> provider.verifyServerSession(host, session),
        secured);
  }

  private void begin(
      Channel channel,
      Function<SSLEngineProvider, SSLEngine> creation,
      BiFunction<SSLEngineProvider, SSLSession, Option<Throwable>> objection,
      Runnable secured) {
    SSLEngineProvider provider = engines;
    if (provider == null) {
      secured.run();
      return;
    }
    SSLEngine engine = creation.apply(provider);
    SslHandler tls = new SslHandler(engine);
    channel.pipeline().addLast(tls);
    var unused =
        tls.handshakeFuture()
            .addListener(
                shaken -> {
                  if (!shaken.isSuccess()) {
                    refuse(channel, shaken.cause());
                    return;
                  }
                  Option<Throwable> reason = objection.apply(provider, engine.getSession());
                  if (reason.isDefined()) {
                    refuse(channel, reason.get());
                  } else {
                    secured.run();
                  }
                });
  }

  private static void refuse(Channel channel, @Nullable Throwable cause) {
    LOG.warn(
        "refused a connection between nodes with {}: {} (mayfly.remoting.tls)",
        channel.remoteAddress(),
        cause == null ? "no reason" : cause.getMessage());
    var unused = channel.close();
  }
}
