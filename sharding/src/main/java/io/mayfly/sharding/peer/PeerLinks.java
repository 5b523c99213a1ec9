package io.mayfly.sharding.peer;

import io.mayfly.actors.entry.ForwardedRequest;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.ClusterEvent.ReachableMember;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections between nodes that carry requests for keys and their replies, and nothing else: one
 * to each node that is asked, opened when it is asked for the first time.
 *
 * <p>A node tells the others by remoting where it listens. While a node cannot be reached nothing
 * is sent to it here: remoting waits for it, and learns of its end. What is under way waits too,
 * until the node is removed.
 */
public final class PeerLinks implements Forwarding {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLinks.class);
  private static final String NAME = "mayfly-peers";

  /** What two nodes that speak with each other here must agree on: the form of the frames. */
  private static final long PROTOCOL = 1;

  private static final int FLUSH_AFTER = 256;
  private static final int CORES_PER_THREAD = 4;
  private static final WriteBufferWaterMark WAITING_BYTES =
      new WriteBufferWaterMark(1 << 20, 8 << 20);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final ExtendedActorSystem system;
  private final Settings settings;
  private final InstantSource clock;
  private final BooleanSupplier entitled;
  private final PeerCodec codec;
  private final PeerTls tls;
  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(
          1 + Runtime.getRuntime().availableProcessors() / CORES_PER_THREAD,
          new DefaultThreadFactory("mayfly-peer", /* daemon= */ true),
          NioIoHandler.newFactory());
  private final ChannelGroup channels =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, /* stayClosed= */ true);
  private final Map<Address, PeerLink> links = new ConcurrentHashMap<>();
  private final Set<Address> unreachable = ConcurrentHashMap.newKeySet();
  private final Set<String> notConnected = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Serving serving;
  private volatile int port;

  /**
   * Where a node listens.
   *
   * @param host the address at which others find it
   * @param port what they are told; 0 for the one that is bound
   * @param bindPort where it listens; 0 for a free one
   * @param from the address that its own connections come from; empty for any
   */
  public record Settings(String host, int port, int bindPort, String from) {}

  private PeerLinks(
      ActorSystem<?> system, Settings settings, InstantSource clock, BooleanSupplier entitled) {
    this.system = (ExtendedActorSystem) Adapter.toClassic(system);
    this.settings = settings;
    this.clock = clock;
    this.entitled = entitled;
    this.codec = new PeerCodec(this.system);
    this.tls = new PeerTls(this.system);
  }

  /**
   * Begins to listen. It ends with the actor system.
   *
   * @param clock of this node, by which callers' patience is judged
   * @param entitled whether this node may answer for its keys now
   * @throws IOException when it cannot listen there
   */
  public static PeerLinks start(
      ActorSystem<?> system, Settings settings, InstantSource clock, BooleanSupplier entitled)
      throws IOException {
    PeerLinks links = new PeerLinks(system, settings, clock, entitled);
    links.listen();
    return links;
  }

  private void listen() throws IOException {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeClusterShutdown(),
        "send-peers-elsewhere",
        this::serveNoMore);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close-peer-links", this::close);
    ServerBootstrap server =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_BYTES)
            .childHandler(
                initializer(
                    channel ->
                        tls.server(
                            channel,
                            settings.host(),
                            settings.bindPort(),
                            () -> frames(channel, new PeerServing(codec, clock, this::ready)))));
    var bound = server.bind(settings.host(), settings.bindPort()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause());
    }
    channels.add(bound.channel());
    int boundPort = ((InetSocketAddress) bound.channel().localAddress()).getPort();
    port = settings.port() == 0 ? boundPort : settings.port();
    var unused = system.systemActorOf(Props.create(Peer.class, () -> new Peer(this)), NAME);
    LOG.info("listening at {}:{} for requests of other nodes", settings.host(), boundPort);
  }

  /** The port that other nodes are told. */
  public int port() {
    return port;
  }

  /** Answers for no key any more: the shards leave this node, which nobody here hears of. */
  private CompletionStage<Done> serveNoMore() {
    serving = null;
    return CompletableFuture.completedStage(Done.getInstance());
  }

  /**
   * Closes all that is open, and only then stops the threads: one that is told to stop while it
   * works on its tasks ends with its sockets open, and the port would be taken until the process
   * ends.
   */
  CompletionStage<Done> close() {
    CompletableFuture<Done> closed = new CompletableFuture<>();
    var unused = channels.close().addListener(all -> stopThreads(closed));
    return closed;
  }

  private void stopThreads(CompletableFuture<Done> stopped) {
    var unused =
        threads
            .shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .addListener(done -> stopped.complete(Done.getInstance()));
  }

  private @Nullable Serving ready() {
    return entitled.getAsBoolean() ? serving : null;
  }

  @Override
  public void serve(Serving begun) {
    serving = begun;
  }

  @Override
  public boolean forward(Address node, ForwardedRequest request, Waiting waiting) {
    if (unreachable.contains(node)) {
      return false;
    }
    PeerLink link = links.get(node);
    if (link == null || link.closedFor(PAUSE_NANOS, System.nanoTime())) {
      link = reopen(node, link);
    }
    return link.send(request, waiting);
  }

  private PeerLink reopen(Address node, @Nullable PeerLink before) {
    PeerLink next = new PeerLink(codec);
    PeerLink now =
        links.compute(node, (any, known) -> known == before || known == null ? next : known);
    if (now == next) {
      open(node, next);
    }
    return now;
  }

  private void open(Address node, PeerLink link) {
    var unused =
        Patterns.ask(
                system.actorSelection(new RootActorPath(node, "/").child("system").child(NAME)),
                PROTOCOL,
                PATIENCE)
            .whenComplete(
                (answer, failure) -> {
                  if (answer instanceof Long port) {
                    connect(node.getHost().orElseThrow(), port.intValue(), link);
                  } else {
                    LOG.debug("{} does not tell where it listens", node, failure);
                    link.close();
                  }
                });
  }

  private void connect(String host, int port, PeerLink link) {
    Bootstrap client =
        new Bootstrap()
            .group(threads)
            .channelFactory(tls.on() ? NioSocketChannel::new : PromptChannel::new)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) PATIENCE.toMillis())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_BYTES)
            .handler(
                initializer(
                    channel -> {
                      var unused = channel.closeFuture().addListener(closed -> link.close());
                      tls.client(channel, host, port, () -> frames(channel, link));
                    }));
    if (!settings.from().isEmpty()) {
      client.localAddress(settings.from(), 0);
    }
    var unused =
        client
            .connect(host, port)
            .addListener(
                connected -> {
                  if (connected.isSuccess()) {
                    notConnected.remove(host);
                  } else {
                    tell(host, port, connected.cause());
                  }
                });
  }

  /** Once, not each time that it is tried again. */
  private void tell(String host, int port, @Nullable Throwable cause) {
    if (notConnected.add(host)) {
      LOG.warn(
          "cannot connect to {}:{}, and requests for keys there go by remoting, which costs more:"
              + " {}. Does a firewall let it through (mayfly.cluster.direct.port)?",
          host,
          port,
          cause == null ? "no reason" : cause.getMessage());
    }
  }

  private interface Opening {
    void open(Channel channel);
  }

  private ChannelInitializer<Channel> initializer(Opening opening) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channels.add(channel);
        opening.open(channel);
      }
    };
  }

  private void frames(Channel channel, ChannelHandler handler) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(
        new FlushConsolidationHandler(FLUSH_AFTER, /* consolidateWhenNoReadInProgress= */ true),
        codec.decoder(),
        handler);
  }

  private void removed(Address node) {
    unreachable.remove(node);
    PeerLink link = links.remove(node);
    if (link != null) {
      link.close();
    }
  }

  /** Tells others where this node listens, and hears which of them cannot be reached. */
  private static final class Peer extends UntypedAbstractActor {
    private final PeerLinks links;

    private Peer(PeerLinks links) {
      this.links = links;
    }

    @Override
    public void preStart() {
      Cluster.get(getContext().getSystem())
          .subscribe(
              getSelf(),
              ClusterEvent.initialStateAsEvents(),
              UnreachableMember.class,
              ReachableMember.class,
              MemberRemoved.class);
    }

    @Override
    public void postStop() {
      Cluster.get(getContext().getSystem()).unsubscribe(getSelf());
    }

    @Override
    public void onReceive(Object message) {
      if (message instanceof Long asked && asked == PROTOCOL) {
        getSender().tell((long) links.port, getSelf());
      } else if (message instanceof UnreachableMember event) {
        links.unreachable.add(event.member().address());
      } else if (message instanceof ReachableMember event) {
        links.unreachable.remove(event.member().address());
      } else if (message instanceof MemberRemoved event) {
        links.removed(event.member().address());
      } else {
        unhandled(message);
      }
    }
  }
}
