package io.mayfly.sharding.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes of one JVM that ask each other over real connections. */
final class PeerLinksTest {
  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko.actor.provider = cluster
              pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
              pekko.remote.artery.advanced.maximum-frame-size = 2 MiB
              pekko.cluster.jmx.enabled = off
              pekko.coordinated-shutdown.exit-jvm = off
              """)
          .withFallback(ConfigFactory.load());
  private static final PeerLinks.Settings ANYWHERE =
      new PeerLinks.Settings("127.0.0.1", 0, 0, "127.0.0.1");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final EntryId ID = new EntryId("ns", "key");

  private final ActorTestKit here = ActorTestKit.create("peers", CONFIG);
  private final ActorTestKit there = ActorTestKit.create("peers", CONFIG);
  private final AtomicBoolean entitled = new AtomicBoolean(true);
  private final AtomicLong number = new AtomicLong();
  private Forwarding links = Forwarding.NONE;
  private PeerLinks other;

  /** One that waits, and what it has heard. */
  private static final class Heard implements Forwarding.Waiting {
    private static final String NOT_SENT = "not sent";
    private static final String LOST = "lost";

    private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    @Override
    public void answered(ForwardedReply reply) {
      all.add(reply);
    }

    @Override
    public void notSent() {
      all.add(NOT_SENT);
    }

    @Override
    public void lost() {
      all.add(LOST);
    }

    @Override
    public CompletionStage<?> over() {
      return over;
    }

    private Object next() throws InterruptedException {
      Object next = all.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(next).as("what was heard").isNotNull();
      return next;
    }
  }

  @BeforeEach
  void start() throws IOException {
    links = PeerLinks.start(here.system(), ANYWHERE, InstantSource.system(), () -> true);
    other = PeerLinks.start(there.system(), ANYWHERE, InstantSource.system(), entitled::get);
  }

  @AfterEach
  void stop() {
    here.shutdownTestKit();
    there.shutdownTestKit();
  }

  private Address otherNode() {
    return Cluster.get(Adapter.toClassic(there.system())).selfMember().address();
  }

  private ForwardedRequest request(EntryCommand command) {
    return new ForwardedRequest(number.incrementAndGet(), ID, command, 1, 2, null);
  }

  private static EntryCommand put(int bytes) {
    return new EntryCommand.Put(new Value(new byte[bytes]), null, Terms.NONE);
  }

  /** Sends a request as soon as there is a connection. */
  private Heard send(ForwardedRequest request) {
    Heard heard = new Heard();
    TestProbe<Object> probe = here.createTestProbe();
    return probe.awaitAssert(
        PATIENCE,
        () -> {
          assertThat(links.forward(otherNode(), request, heard)).isTrue();
          return heard;
        });
  }

  private static void echo(ForwardedRequest request, Consumer<ForwardedReply> answer) {
    Value value = request.command() instanceof EntryCommand.Put put ? put.value() : null;
    answer.accept(
        new ForwardedReply(
            request.number(),
            false,
            value == null
                ? EntryReply.Settled.INSTANCE
                : new EntryReply.Found(
                    new EntryView(
                        new Version(1, 1),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Durability.JOURNALED,
                        value))));
  }

  @Test
  void requests_manyAtATime_areEachAnsweredOnce() throws InterruptedException {
    other.serve(PeerLinksTest::echo);
    send(request(EntryCommand.Settle.NOW)).next();
    List<ForwardedRequest> requests = new ArrayList<>();
    List<Heard> heard = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ForwardedRequest request = request(put(i % 10 == 0 ? 200_000 : i));
      requests.add(request);
      heard.add(send(request));
    }

    for (int i = 0; i < requests.size(); i++) {
      assertThat(heard.get(i).next())
          .isInstanceOfSatisfying(ForwardedReply.class, reply -> assertAnswers(requests, reply));
    }
    assertThat(heard).allSatisfy(one -> assertThat(one.all).isEmpty());
  }

  private static void assertAnswers(List<ForwardedRequest> requests, ForwardedReply reply) {
    ForwardedRequest request =
        requests.stream().filter(one -> one.number() == reply.number()).findFirst().orElseThrow();
    assertThat(reply.reply())
        .isInstanceOfSatisfying(
            EntryReply.Found.class,
            found ->
                assertThat(found.view().value())
                    .isEqualTo(((EntryCommand.Put) request.command()).value()));
  }

  @Test
  void node_thatMayNotAnswerOrDoesNotServeYet_takesNothing() throws InterruptedException {
    ForwardedRequest early = request(EntryCommand.Read.CURRENT);
    assertThat(send(early).next()).isEqualTo(new ForwardedReply(early.number(), true, null));

    other.serve(PeerLinksTest::echo);
    entitled.set(false);
    ForwardedRequest late = request(EntryCommand.Read.CURRENT);
    assertThat(send(late).next()).isEqualTo(new ForwardedReply(late.number(), true, null));

    entitled.set(true);
    ForwardedRequest served = request(EntryCommand.Read.CURRENT);
    assertThat(send(served).next())
        .isEqualTo(new ForwardedReply(served.number(), false, EntryReply.Settled.INSTANCE));
  }

  @Test
  void requests_underWayWhenTheOtherNodeStops_areLostAndNoMoreAreTaken()
      throws InterruptedException {
    BlockingQueue<ForwardedRequest> begun = new LinkedBlockingQueue<>();
    other.serve((request, answer) -> begun.add(request));
    Heard first = send(request(put(3)));
    Heard second = send(request(EntryCommand.Read.CURRENT));
    assertThat(begun.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    assertThat(begun.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();

    there.shutdownTestKit();

    assertThat(first.next()).isEqualTo(Heard.LOST);
    assertThat(second.next()).isEqualTo(Heard.LOST);
    Heard third = new Heard();
    assertThat(links.forward(otherNode(), request(put(3)), third)).isFalse();
    assertThat(third.all).isEmpty();
  }

  @Test
  void node_whoseShardsLeave_takesNothing() throws InterruptedException {
    other.serve(PeerLinksTest::echo);
    send(request(EntryCommand.Settle.NOW)).next();
    CompletableFuture<Done> shardsGone = new CompletableFuture<>();
    CountDownLatch leaving = new CountDownLatch(1);
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(there.system());
    shutdown.addTask(
        CoordinatedShutdown.PhaseClusterShardingShutdownRegion(),
        "hold",
        () -> {
          leaving.countDown();
          return shardsGone;
        });
    var unused = shutdown.runAll(CoordinatedShutdown.unknownReason());
    assertThat(leaving.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    ForwardedRequest late = request(EntryCommand.Read.CURRENT);
    Object answer = send(late).next();
    shardsGone.complete(Done.getInstance());

    assertThat(answer).isEqualTo(new ForwardedReply(late.number(), true, null));
  }

  @Test
  void node_thatStopsInTheMidstOfItsWork_givesItsPortBack() throws Exception {
    CompletableFuture<Object> stopped = new CompletableFuture<>();
    Runnable stop =
        () -> {
          var unused = other.close().thenAccept(stopped::complete);
        };
    other.serve((request, answer) -> ThreadExecutorMap.currentExecutor().execute(stop));
    send(request(EntryCommand.Settle.NOW));

    stopped.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    try (ServerSocket next = new ServerSocket()) {
      next.setReuseAddress(true);
      next.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), other.port()));
    }
  }

  @Test
  void request_thatIsLongerThanAFrame_isLeftToRemoting() throws InterruptedException {
    other.serve(PeerLinksTest::echo);
    send(request(EntryCommand.Settle.NOW)).next();

    assertThat(links.forward(otherNode(), request(put(3 << 20)), new Heard())).isFalse();
  }

  @Test
  void reply_thatNobodyWaitsForAnyMore_isDropped() throws InterruptedException {
    BlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
    other.serve((request, answer) -> answers.add(() -> echo(request, answer)));
    Heard impatient = send(request(put(1)));
    Heard patient = send(request(put(2)));
    impatient.over.complete(null);
    for (int i = 0; i < 2; i++) {
      Runnable answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(answer).isNotNull();
      answer.run();
    }

    patient.next();
    assertThat(impatient.all).isEmpty();
  }
}
