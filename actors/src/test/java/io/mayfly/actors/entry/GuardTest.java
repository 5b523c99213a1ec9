package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Idempotency;
import io.mayfly.protocol.contract.Contract.Mutation;
import io.mayfly.protocol.contract.Flag;
import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule around a mutation, for every command. */
final class GuardTest {
  private static final String COMMANDS =
      """
      put-create       | CREATE
      put-replace      | REPLACE
      patch            | PATCH
      increment-create | CREATE
      increment-create | INCREMENT
      increment        | INCREMENT
      touch            | TOUCH
      delete           | DELETE
      rollback         | ROLLBACK
      """;

  private static Contract with(Mutation mutation) {
    return Scene.CONTRACT.with(mutation);
  }

  private static Contract flagged(Transition transition, Flag flag) {
    return with(new Mutation(Set.of(), false, false, Map.of(transition, flag)));
  }

  /** The key as the command finds it, under the shipped rules. */
  private static Scene before(String command) {
    Scene scene = new Scene();
    if (!command.endsWith("-create")) {
      scene.at(-1).send(Scene.put("2"));
    }
    return scene.at(0);
  }

  private static EntryCommand command(String name, Terms terms) {
    return switch (name) {
      case "put-create", "put-replace" -> Scene.put("4", terms);
      case "patch" -> Scene.merge("4", terms);
      case "increment-create", "increment" -> Scene.increment("2", "0", terms);
      case "touch" -> Scene.touch(terms);
      case "delete" -> new EntryCommand.Delete(terms);
      case "rollback" -> new EntryCommand.Rollback(1, terms);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Terms from(String producer, String caller) {
    return Terms.NONE.with(
        new Origin(producer.isEmpty() ? null : producer, caller.isEmpty() ? null : caller, null));
  }

  private static Terms retry(String key, String fingerprint) {
    return Terms.NONE.with(new RetryKey(key, fingerprint, true));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = COMMANDS)
  void writer_callerBeforeProducer_decides(String name, Transition transition) {
    Scene scene = before(name);
    scene.contract = with(new Mutation(Set.of("ann"), false, false, Map.of()));

    assertThat(scene.refused(command(name, Terms.NONE)).reason())
        .isEqualTo(Reason.WRITER_NOT_ALLOWED);
    assertThat(scene.refused(command(name, from("eve", ""))).reason())
        .isEqualTo(Reason.WRITER_NOT_ALLOWED);
    assertThat(scene.refused(command(name, from("ann", "eve").withFence(9))).reason())
        .isEqualTo(Reason.WRITER_NOT_ALLOWED);
    assertThat(scene.decide(command(name, from("ann", ""))).reply()).isInstanceOf(Accepted.class);
    assertThat(scene.decide(command(name, from("eve", "ann"))).reply())
        .isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = COMMANDS)
  void transition_off_isRefusedAndNotNoted(String name, Transition transition) {
    Scene scene = before(name);
    scene.contract = flagged(transition, Flag.OFF);

    Refusal refusal = scene.refused(command(name, Terms.NONE.withFence(9)));

    assertThat(refusal.reason()).isEqualTo(Reason.TRANSITION_DISABLED);
    assertThat(refusal.violations().get(0).rule())
        .isEqualTo("mutation.transitions." + transition.text());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = COMMANDS)
  void transition_inShadow_hasNoEvent(String name, Transition transition) {
    Scene scene = before(name);
    scene.contract = flagged(transition, Flag.SHADOW);

    Decision decision = scene.decide(command(name, retry("k", "f").withFence(9)));

    assertThat(decision.reply()).isInstanceOf(EntryReply.Shadowed.class);
    assertThat(decision.events()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = COMMANDS)
  void precondition_required_isAskedFor(String name, Transition transition) {
    Scene scene = before(name);
    scene.contract = with(new Mutation(Set.of(), true, false, Map.of()));

    assertThat(scene.refused(command(name, Terms.NONE)).reason())
        .isEqualTo(Reason.PRECONDITION_REQUIRED);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = COMMANDS)
  void fence_required_isAskedFor(String name, Transition transition) {
    Scene scene = before(name);
    scene.contract = with(new Mutation(Set.of(), false, true, Map.of()));

    assertThat(scene.refused(command(name, Terms.NONE)).reason()).isEqualTo(Reason.FENCE_REQUIRED);
    assertThat(scene.decide(command(name, Terms.NONE.withFence(1))).reply())
        .isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"put-replace", "patch", "increment", "touch", "delete", "rollback"})
  void fence_older_isStale(String name) {
    Scene scene = before(name);
    scene.send(Scene.put("2", Terms.NONE.withFence(7)));

    assertThat(scene.refused(command(name, Terms.NONE.withFence(6))).reason())
        .isEqualTo(Reason.STALE_FENCE);
    assertThat(scene.decide(command(name, Terms.NONE.withFence(7))).reply())
        .isInstanceOf(Accepted.class);
  }

  @Test
  void fence_overEndAndNewIncarnation_isRemembered() {
    Scene scene = new Scene();
    scene.send(Scene.put("1", Terms.NONE.withFence(3)));
    scene.send(new EntryCommand.Delete(Terms.NONE.withFence(7)));

    assertThat(scene.refused(Scene.put("2", Terms.NONE.withFence(6))).reason())
        .isEqualTo(Reason.STALE_FENCE);
    scene.accepted(Scene.put("2"));
    assertThat(scene.refused(Scene.put("3", Terms.NONE.withFence(6))).reason())
        .isEqualTo(Reason.STALE_FENCE);
  }

  @Test
  void fence_ofRefusedRequest_isNoted() {
    Scene scene = before("patch");
    Terms unmet = Scene.ifNoneMatchAny().withFence(9);

    scene.send(Scene.put("4", unmet));

    assertThat(scene.events.get(1)).isInstanceOf(EntryEvent.Noted.class);
    assertThat(scene.state.memory().fence()).isEqualTo(9);
  }

  @Test
  void fence_ofUnchangedPatch_isNoted() {
    Scene scene = before("patch");

    Accepted unchanged = scene.accepted(Scene.merge("2", Terms.NONE.withFence(9)));

    assertThat(unchanged.receipt().version().revision()).isEqualTo(1);
    assertThat(scene.state.memory().fence()).isEqualTo(9);
  }

  @Test
  void fence_ofRequestToEndedKey_isNotNoted() {
    Scene scene = before("patch");
    scene.send(Scene.delete());

    scene.refused(Scene.merge("4", Terms.NONE.withFence(9)));

    assertThat(scene.state.memory().fence()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"put-create", "put-replace", "patch", "increment-create", "increment"})
  void schema_brokenByTheResult_isRefused(String name) {
    Scene scene = before(name);
    scene.rule = value -> List.of(new Violation("schema", "", Json.text(value)));

    Refusal refusal = scene.refused(command(name, Terms.NONE));

    assertThat(refusal.reason()).isEqualTo(Reason.CONTRACT_VIOLATION);
    assertThat(refusal.violations().get(0).rule()).isEqualTo("schema");
  }

  @Test
  void schema_brokenByAnOldValue_refusesRollback() {
    Scene scene = before("rollback");
    scene.send(Scene.put("3"));
    scene.rule = value -> List.of(new Violation("schema", "", Json.text(value)));

    assertThat(scene.refused(Scene.rollback(1)).reason()).isEqualTo(Reason.CONTRACT_VIOLATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"put-create", "put-replace", "patch", "increment-create", "increment"})
  void value_overTheLimit_isRefused(String name) {
    Scene scene = before(name);
    scene.contract = Scene.with(Scene.limits(0));

    assertThat(scene.refused(command(name, Terms.NONE)).reason()).isEqualTo(Reason.VALUE_TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = COMMANDS)
  void retry_ofTheSameRequest_getsTheFirstAnswer(String name, Transition transition) {
    Scene scene = before(name);
    Accepted first = scene.accepted(command(name, retry("k", "f")));
    int events = scene.events.size();

    Accepted again = scene.at(5).accepted(command(name, retry("k", "f")));

    assertThat(again).isEqualTo(new Accepted(first.receipt(), first.value(), true));
    assertThat(scene.events).hasSize(events);
    assertThat(scene.refused(command(name, retry("k", "g"))).reason())
        .isEqualTo(Reason.IDEMPOTENCY_MISMATCH);
  }

  @Test
  void retry_ofARefusal_isDecidedAnew() {
    Scene scene = new Scene();
    EntryCommand patch = Scene.merge("4", retry("k", "f"));
    scene.refused(patch);
    scene.send(Scene.put("2"));

    assertThat(scene.accepted(patch).replayed()).isFalse();
  }

  @Test
  void retry_ofAnUnchangedPatch_getsTheFirstAnswer() {
    Scene scene = before("patch");
    EntryCommand patch = Scene.merge("2", retry("k", "f"));
    Accepted first = scene.accepted(patch);
    scene.send(Scene.put("3"));

    Accepted again = scene.accepted(patch);

    assertThat(again).isEqualTo(new Accepted(first.receipt(), first.value(), true));
  }

  @Test
  void retry_afterTheEnd_doesNotResurrect() {
    Scene scene = new Scene();
    scene.accepted(Scene.put("1", retry("k", "f")));
    scene.send(Scene.delete());

    assertThat(scene.at(599).accepted(Scene.put("1", retry("k", "f"))).replayed()).isTrue();
    assertThat(scene.at(600).accepted(Scene.put("1", retry("k", "f"))).replayed()).isFalse();
  }

  @Test
  void retry_afterTheWindow_isDecidedAnew() {
    Scene scene = new Scene();
    scene.contract = Scene.CONTRACT.with(new Idempotency(Duration.ofSeconds(10), 64));
    scene.accepted(Scene.put("1", retry("k", "f")));

    assertThat(scene.at(9.999).accepted(Scene.put("1", retry("k", "f"))).replayed()).isTrue();
    assertThat(scene.at(10).accepted(Scene.put("2", retry("k", "g"))).replayed()).isFalse();
  }

  @Test
  void retry_beyondTheCount_isDecidedAnew() {
    Scene scene = new Scene();
    scene.contract = Scene.CONTRACT.with(new Idempotency(Duration.ofMinutes(10), 2));
    incrementEachSecond(scene, 3);

    assertThat(scene.accepted(increment(1)).replayed()).isTrue();
    assertThat(scene.accepted(increment(0)).replayed()).isFalse();
  }

  private static EntryCommand increment(int number) {
    return Scene.increment("1", "0", retry("k" + number, "f"));
  }

  private static void incrementEachSecond(Scene scene, int count) {
    for (int i = 0; i < count; i++) {
      scene.at(i).accepted(increment(i));
    }
  }

  @Test
  void attempt_takenBeforeAnAnswerThatIsForgotten_isNotBegun() {
    Scene scene = new Scene();
    scene.contract = Scene.CONTRACT.with(new Idempotency(Duration.ofMinutes(10), 2));
    incrementEachSecond(scene, 5);

    EntryReply late = scene.send(increment(1), Scene.instant(2).toEpochMilli());

    assertThat(late).isEqualTo(Refusal.of(Reason.ANSWER_FORGOTTEN));
    assertThat(scene.events).hasSize(5);
    assertThat(scene.send(increment(7), Scene.instant(2.001).toEpochMilli()))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void attempt_takenBeforeTheFirstAnswerLeftTheWindow_isStillReplayed() {
    Scene scene = new Scene();
    scene.contract = Scene.CONTRACT.with(new Idempotency(Duration.ofSeconds(1), 64));
    Accepted first = scene.at(1).accepted(increment(0));

    EntryReply late = scene.at(9).send(increment(0), Scene.instant(0).toEpochMilli());

    assertThat(late).isEqualTo(new Accepted(first.receipt(), first.value(), true));
  }

  @Test
  void requests_ofAQueueLongerThanTheMemory_areAllBegunOnce() {
    Scene scene = new Scene();
    scene.contract = Scene.CONTRACT.with(new Idempotency(Duration.ofMinutes(10), 2));
    long sinceMillis = scene.nowMillis;
    for (int i = 0; i < 200; i++) {
      assertThat(scene.at(i * 0.1).send(increment(i), sinceMillis)).isInstanceOf(Accepted.class);
    }
    for (int i = 0; i < 200; i++) {
      EntryReply again = scene.send(increment(i), sinceMillis);
      assertThat(again)
          .isInstanceOfSatisfying(Accepted.class, a -> assertThat(a.replayed()).isTrue());
    }
  }
}
