package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.entry.EntryRequest;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.server.NextSerializer.Novelty;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What this version does with what the next one says and stores, while both run side by side. */
final class NextVersionTest {
  private static final Path SHIPPED = Path.of("..", "application.conf");
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String BRIEF = "300ms";

  private static final BlockingQueue<Object> HEARD = new LinkedBlockingQueue<>();
  private static ActorSystem present;
  private static ActorSystem next;
  private static ActorRef ear;

  /** Notes what it hears. */
  private static final class Ear extends AbstractActor {
    @Override
    public Receive createReceive() {
      return receiveBuilder().matchAny(HEARD::add).build();
    }
  }

  @BeforeAll
  static void start() {
    present = system(Map.of());
    present.actorOf(Props.create(Ear.class, Ear::new), "ear");
    next = system(NextSerializer.settings());
    ear =
        next.actorSelection(Cluster.get(present).selfAddress() + "/user/ear")
            .resolveOne(PATIENCE)
            .toCompletableFuture()
            .join();
  }

  @AfterAll
  static void stop() {
    for (ActorSystem system : new ActorSystem[] {next, present}) {
      Systems.stop(system);
    }
  }

  @AfterEach
  void speakPlainly() {
    NextSerializer.write(Novelty.NOTHING);
  }

  private static ActorSystem system(Map<String, Object> settings) {
    return ActorSystem.create("mayfly", Configuration.load(SHIPPED, settings));
  }

  private static EntryRequest request(String key) {
    return new EntryRequest(
        new EntryId("ns", key),
        EntryCommand.Settle.NOW,
        Adapter.<EntryReply>toTyped(ear),
        1_700_000_000_000L,
        1_800_000_000_000L,
        "context");
  }

  private static Object heard() throws InterruptedException {
    return Objects.requireNonNull(HEARD.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Test
  void message_withMoreFields_isReadWithoutThem() throws InterruptedException {
    NextSerializer.write(Novelty.FIELDS);
    Refusal refusal = Refusal.later(Refusal.Reason.KEY_OVERLOADED, Duration.ofMillis(200));

    ear.tell(request("more"), ActorRef.noSender());
    ear.tell(refusal, ActorRef.noSender());

    EntryRequest read = (EntryRequest) heard();
    assertThat(read.id()).isEqualTo(request("more").id());
    assertThat(read.command()).isEqualTo(EntryCommand.Settle.NOW);
    assertThat(read.replyTo().path().name()).isEqualTo("ear");
    assertThat(read.sinceMillis()).isEqualTo(1_700_000_000_000L);
    assertThat(read.untilMillis()).isEqualTo(1_800_000_000_000L);
    assertThat(read.trace()).isEqualTo("context");
    assertThat(heard()).isEqualTo(refusal);
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMBER", "FAMILY"})
  void message_ofAKindThatIsUnknown_isLostAlone(Novelty novelty) throws InterruptedException {
    NextSerializer.write(novelty);
    Refusal refusal = Refusal.of(Refusal.Reason.DRAINING);

    ear.tell(request("unknown"), ActorRef.noSender());
    ear.tell(refusal, ActorRef.noSender());

    assertThat(heard()).isEqualTo(refusal);
    assertThat(HEARD).isEmpty();
  }

  @Test
  void entry_withAnEventThatIsUnknown_restsUntilTheNextVersionIsBack(@TempDir Path data)
      throws IOException {
    String path = "/v1/state/ns/later";
    String other = "/v1/state/ns/plain";
    try (TestNode node = TestNode.configured(data, NextSerializer.settings())) {
      node.put(other, "1").is(201);
      node.put(path, "1").is(201);
      NextSerializer.write(Novelty.MEMBER);
      node.put(path, "2").is(200);
      NextSerializer.write(Novelty.NOTHING);
    }

    try (TestNode node = TestNode.configured(data, Map.of())) {
      assertThat(node.get(path, "Mayfly-Timeout", BRIEF).status()).isIn(503, 504);
      assertThat(node.put(path, "3", "Mayfly-Timeout", BRIEF).status()).isIn(503, 504);
      assertThat(node.get(other).is(200).text()).isEqualTo("1");
    }

    try (TestNode node = TestNode.configured(data, NextSerializer.settings())) {
      assertThat(node.get(path).is(200).text()).isEqualTo("2");
    }
  }
}
