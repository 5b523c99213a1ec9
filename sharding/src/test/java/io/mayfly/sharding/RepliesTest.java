package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Replies that come, come late, or never. */
final class RepliesTest {
  private static final ActorTestKit KIT = ActorTestKit.create("replies");
  private static final Replies<String> REPLIES =
      new Replies<>(KIT.system(), System::nanoTime, String.class, "unknown", "not begun");
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  private final AtomicInteger counted = new AtomicInteger(1);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private PendingReply<String> await(Duration timeout, Duration lingering) {
    return REPLIES.await(timeout, lingering, nanos -> {}, counted::decrementAndGet);
  }

  @Test
  void reply_inTime_isSeenOnce() {
    PendingReply<String> pending = await(LONG, LONG);

    assertThat(pending.begin()).isTrue();
    pending.$bang("a", ActorRef.noSender());
    pending.$bang("b", ActorRef.noSender());

    assertThat(pending.reply().join()).isEqualTo("a");
    assertThat(counted).hasValue(0);
  }

  @Test
  void caller_whoGivesUpBeforeTheWorkBegins_knowsThatNothingWasDone() {
    PendingReply<String> pending = await(SHORT, LONG);

    assertThat(pending.reply().join()).isEqualTo("not begun");
    assertThat(pending.begin()).isFalse();
  }

  @Test
  void caller_whoGivesUpAfterTheWorkBegan_knowsNothing() {
    PendingReply<String> pending = await(Duration.ofMillis(200), LONG);
    pending.begin();

    assertThat(pending.reply().join()).isEqualTo("unknown");
  }

  @Test
  void caller_ofAnotherNode_knowsNothing() {
    PendingReply<String> pending = await(Duration.ofMillis(200), LONG);
    assertThat(pending.path()).isNotNull();

    assertThat(pending.reply().join()).isEqualTo("unknown");
  }

  @Test
  void request_whoseCallerGaveUp_countsUntilItsReply() {
    PendingReply<String> pending = await(SHORT, LONG);
    pending.reply().join();

    assertThat(counted).hasValue(1);
    pending.$bang("late", ActorRef.noSender());
    assertThat(counted).hasValue(0);
    assertThat(pending.reply().join()).isEqualTo("not begun");
  }

  @Test
  void request_withoutLingering_countsNoMoreWhenItsCallerSeesThat() {
    PendingReply<String> pending = await(SHORT, Duration.ZERO);

    pending.reply().join();

    assertThat(counted).hasValue(0);
    assertThat(pending.begin()).isFalse();
  }

  @Test
  void request_thatNobodyAnswers_isForgotten() {
    PendingReply<String> pending = await(SHORT, SHORT);
    pending.reply().join();

    while (counted.get() == 1) {
      Thread.onSpinWait();
    }

    assertThat(counted).hasValue(0);
  }
}
