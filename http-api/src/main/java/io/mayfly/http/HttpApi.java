package io.mayfly.http;

import io.mayfly.protocol.contract.ContractRegistry;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.lease.Leases;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.pressure.Queues;
import io.mayfly.protocol.telemetry.Telemetry;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.SystemMaterializer;
import org.jspecify.annotations.Nullable;

/** The HTTP API over its ports. */
public final class HttpApi {
  private final ActorSystem<?> system;
  private final HttpSettings settings;
  private final Door door;
  private WatchChannels channels;
  private volatile Gateway gateway;

  /**
   * What the API reaches the rest of the node through.
   *
   * @param entries where commands go
   * @param leases where commands about leases go
   * @param ledger what lists read
   * @param feeds what watchers are told
   * @param contracts the contracts in force
   * @param registry the documents of all contracts
   * @param clock the node's one clock
   * @param health what the node says about itself
   * @param metrics the node's instruments in the text format of Prometheus
   * @param cluster what the node sees of its cluster
   * @param queues how full the queues to the keys are
   * @param telemetry counts what is refused
   */
  public record Ports(
      Entries entries,
      Leases leases,
      Ledger ledger,
      Feeds feeds,
      Contracts contracts,
      ContractRegistry registry,
      InstantSource clock,
      Health health,
      Supplier<String> metrics,
      ClusterView cluster,
      Queues queues,
      Telemetry telemetry) {}

  /** An API that serves nothing until it is bound. */
  public HttpApi(ActorSystem<?> system, HttpSettings settings, Ports ports) {
    this.system = system;
    this.settings = settings;
    this.door = new Door(system, settings, ports);
    this.channels = channels(ports);
    this.gateway = gateway(ports);
  }

  /** Serves through other ports from the next request on; who watches must come back. */
  public synchronized void serve(Ports ports) {
    WatchChannels before = channels;
    channels = channels(ports);
    gateway = gateway(ports);
    before.close();
  }

  private WatchChannels channels(Ports ports) {
    return new WatchChannels(
        WatchChannels.Clock.of(system),
        ports.feeds(),
        ports.health(),
        settings.watch(),
        new WatchChannels.Reporting(ports.telemetry(), ports.clock()));
  }

  private Gateway gateway(Ports ports) {
    door.open(ports);
    return new Gateway(
        routes(ports),
        settings,
        new BodyReader(system, settings),
        door,
        new Seen(ports.telemetry(), new LogNames(ports.contracts())));
  }

  private Routes routes(Ports ports) {
    return Routes.of(
        new EntryReads(ports.entries()),
        new EntryMutations(ports.entries()),
        new EntryLists(ports.entries(), ports.ledger(), ports.clock(), settings),
        new ContractRoutes(ports.registry()),
        new Batches(() -> SystemMaterializer.get(system).materializer(), ports, settings),
        new Reconciliation(() -> SystemMaterializer.get(system).materializer(), ports, settings),
        new LeaseRoutes(ports.leases()),
        new WatchRoutes(ports, channels, settings),
        new PressureRoute(
            door, ports.health(), () -> SystemMaterializer.get(system).materializer(), settings),
        new Operations(ports.health(), ports.metrics(), ports.cluster()));
  }

  /** Answers requests. The stage always completes, and never exceptionally. */
  public Function<HttpRequest, CompletionStage<HttpResponse>> handler() {
    return request -> gateway.handle(request, new Peer());
  }

  /**
   * Completes when no streamed request is being answered. Pekko HTTP counts a request as answered
   * when the head of its answer went out, and cuts off what follows when it terminates.
   */
  public CompletionStage<Void> streamsEnded() {
    return gateway.streamsEnded();
  }

  /**
   * Serves on this address; port 0 takes a free one. Fails when the address cannot be bound.
   *
   * @param tls the engine of each connection; absent for connections in clear
   */
  public CompletionStage<Listener> bind(String host, int port, @Nullable Supplier<SSLEngine> tls) {
    return Listener.bind(
        system,
        settings,
        (request, peer) -> gateway.handle(request, peer),
        InetSocketAddress.createUnresolved(host, port),
        tls);
  }
}
