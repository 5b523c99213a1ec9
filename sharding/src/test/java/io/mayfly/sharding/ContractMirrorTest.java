package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.contract.ContractAnswer.Changed;
import io.mayfly.actors.contract.ContractAnswer.Changes;
import io.mayfly.actors.contract.ContractCommand.Follow;
import io.mayfly.actors.contract.ContractRequest;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The copy of a node, against a registry that the test plays. */
final class ContractMirrorTest {
  private static final ActorTestKit KIT = ActorTestKit.create("mirror");
  private static final Duration LONG = Duration.ofHours(1);

  private final TestProbe<ContractRequest> registry = KIT.createTestProbe();
  private final BlockingQueue<InForce> published = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private ActorRef<ContractMirror.Message> mirror;
  private ContractRequest first;

  @BeforeEach
  void start() {
    mirror = KIT.spawn(ContractMirror.create(registry.getRef(), published::add, LONG));
    first = registry.receiveMessage();
  }

  @AfterEach
  void stopMirror() {
    KIT.stop(mirror);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static Changed document(String namespace, long version) {
    return new Changed(
        namespace, new ContractDocument(namespace, version, "", "", Contract.STANDARD));
  }

  /** Answers a question with changes up to one, of so many that there are. */
  private static void answer(ContractRequest request, long upTo, long head, Changed... changed) {
    Follow follow = (Follow) request.command();
    request
        .replyTo()
        .tell(
            new Changes(
                follow.inquiry(), follow.after(), false, upTo, head, Arrays.asList(changed)));
  }

  private List<String> next() throws InterruptedException {
    InForce inForce = published.poll(5, TimeUnit.SECONDS);
    assertThat(inForce).isNotNull();
    return inForce.documents().stream().map(ContractDocument::namespace).toList();
  }

  private void sync(String name) {
    mirror.tell(new ContractMirror.Sync(() -> told.add(name)));
  }

  private String nextTold() throws InterruptedException {
    return told.poll(5, TimeUnit.SECONDS);
  }

  @Test
  void emptyRegistry_isPublishedToo() throws Exception {
    answer(first, 0, 0);

    assertThat(next()).isEmpty();
  }

  @Test
  void pages_arePublishedAsOne() throws Exception {
    answer(first, 1, 2, document("a", 1));
    ContractRequest second = registry.receiveMessage();
    assertThat(((Follow) second.command()).after()).isEqualTo(1);
    assertThat(published).isEmpty();

    answer(second, 2, 2, document("b", 1));

    assertThat(next()).containsExactly("a", "b");
  }

  @Test
  void sync_isToldAfterItsOwnAnswerIsPublished() throws Exception {
    sync("one");
    ContractRequest own = registry.receiveMessage();
    answer(first, 0, 0);
    next();
    assertThat(told).isEmpty();

    answer(own, 1, 1, document("a", 1));

    assertThat(nextTold()).isEqualTo("one");
    assertThat(next()).containsExactly("a");
  }

  @Test
  void lostQuestion_isMadeUpForByTheNext() throws Exception {
    sync("lost");
    registry.receiveMessage();
    sync("answered");
    ContractRequest last = registry.receiveMessage();

    answer(last, 1, 1, document("a", 1));

    assertThat(nextTold()).isEqualTo("lost");
    assertThat(nextTold()).isEqualTo("answered");
  }

  @Test
  void answerThatComesTwice_changesNothing() throws Exception {
    answer(first, 1, 1, document("a", 1));
    next();
    sync("one");
    ContractRequest own = registry.receiveMessage();
    answer(own, 2, 2, new Changed("a", null));
    assertThat(next()).isEmpty();

    answer(first, 1, 1, document("a", 1));
    sync("two");
    answer(registry.receiveMessage(), 2, 2);

    assertThat(nextTold()).isEqualTo("one");
    assertThat(nextTold()).isEqualTo("two");
    assertThat(published).isEmpty();
  }

  @Test
  void followerThatIsTooFarBehind_beginsAnew() throws Exception {
    answer(first, 1, 1, document("a", 1));
    next();
    sync("one");
    ContractRequest own = registry.receiveMessage();
    Follow follow = (Follow) own.command();

    own.replyTo()
        .tell(new Changes(follow.inquiry(), follow.after(), true, 9, 9, List.of(document("b", 1))));

    assertThat(nextTold()).isEqualTo("one");
    assertThat(next()).containsExactly("b");
  }

  @Test
  void silentMirror_asksByItself() {
    TestProbe<ContractRequest> asked = KIT.createTestProbe();

    ActorRef<ContractMirror.Message> eager =
        KIT.spawn(ContractMirror.create(asked.getRef(), published::add, Duration.ofMillis(10)));

    asked.receiveMessage();
    asked.receiveMessage();
    asked.receiveMessage();
    KIT.stop(eager);
  }
}
