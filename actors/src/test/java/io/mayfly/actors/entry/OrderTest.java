package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Idempotency;
import io.mayfly.protocol.contract.Contract.Reconciliation;
import io.mayfly.protocol.contract.Gaps;
import io.mayfly.protocol.contract.Method;
import io.mayfly.protocol.contract.Ordering;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.VersionVector;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OrderTest {
  private static Terms terms(String producer, Stamp stamp) {
    return Terms.NONE.with(new Origin(producer, null, null)).with(stamp);
  }

  private static Contract contract(Ordering ordering, Gaps gaps, Method method) {
    return Scene.CONTRACT
        .with(new Reconciliation(ordering, gaps, method))
        .with(new Idempotency(Duration.ofSeconds(30), 8));
  }

  @Nested
  final class BySequence {
    private final Scene scene = new Scene(contract(Ordering.SEQUENCE, Gaps.REJECT, Method.REJECT));

    private static EntryCommand put(String producer, long number, String json) {
      return Scene.put(json, terms(producer, Stamp.sequence(number)));
    }

    @Test
    void mutation_withoutANumber_isRefused() {
      assertThat(scene.refused(Scene.put("1")).reason())
          .isEqualTo(Refusal.Reason.PRECONDITION_REQUIRED);
    }

    @Test
    void firstNumber_mayBeAny() {
      assertThat(Described.reply(scene.send(put("cart", 41, "1")))).startsWith("created 0.1");
      assertThat(Described.reply(scene.send(put("price", 7, "2")))).startsWith("replaced 0.2");
    }

    @Test
    void sameNumber_answersAsItDidAndHasNoEffect() {
      Version first = scene.accepted(put("cart", 1, "1")).receipt().version();
      scene.send(put("price", 1, "2"));

      Accepted again = scene.accepted(put("cart", 1, "1"));

      assertThat(again.receipt().version()).isEqualTo(first);
      assertThat(again.receipt().outcome().text()).isEqualTo("duplicate");
      assertThat(scene.events).hasSize(2);
    }

    @Test
    void olderNumber_isOutOfOrder() {
      scene.send(put("cart", 5, "1"));

      Refusal refusal = scene.refused(put("cart", 4, "2"));

      assertThat(refusal.reason()).isEqualTo(Refusal.Reason.OUT_OF_ORDER);
      assertThat(refusal.expected()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"REJECT, SEQUENCE_GAP", "ACCEPT, replaced"})
    void gap_isTakenAsTheContractSays(Gaps gaps, String reply) {
      scene.contract = contract(Ordering.SEQUENCE, gaps, Method.REJECT);
      scene.send(put("cart", 5, "1"));

      assertThat(Described.reply(scene.send(put("cart", 7, "2")))).startsWith(reply);
    }

    @Test
    void refusedMutation_doesNotUseItsNumberUp() {
      scene.send(put("cart", 1, "1"));
      scene.contract =
          contract(Ordering.SEQUENCE, Gaps.REJECT, Method.REJECT).with(Scene.limits(1));
      scene.refused(put("cart", 2, "\"too long\""));

      assertThat(Described.reply(scene.send(put("cart", 2, "2")))).startsWith("replaced");
    }

    @Test
    void repeatedDeletion_isADuplicateWhileItsTombstoneStands() {
      scene.send(put("cart", 1, "1"));
      EntryCommand delete = new EntryCommand.Delete(terms("cart", Stamp.sequence(2)));
      scene.accepted(delete);

      assertThat(Described.reply(scene.send(delete))).startsWith("duplicate 0.2");
    }

    @Test
    void idleProducer_isForgottenAfterTheWindow() {
      scene.send(put("cart", 5, "1"));

      scene.at(31);

      assertThat(Described.reply(scene.send(put("cart", 2, "2")))).startsWith("replaced");
    }

    @Test
    void unchangedPatch_usesItsNumberUp() {
      scene.send(put("cart", 1, "1"));
      EntryCommand patch = Scene.merge("1", terms("cart", Stamp.sequence(2)));
      scene.accepted(patch);

      assertThat(Described.reply(scene.send(patch))).startsWith("duplicate");
      assertThat(Described.reply(scene.send(put("cart", 3, "3")))).startsWith("replaced 0.2");
    }
  }

  @Nested
  final class ByVector {
    private final Scene scene =
        new Scene(contract(Ordering.VERSION_VECTOR, Gaps.ACCEPT, Method.LAST_WRITER_WINS));

    private static Terms at(String producer, Map<String, Long> vector) {
      return terms(producer, Stamp.vector(new VersionVector(vector), Scene.NOW));
    }

    @Test
    void mutation_withoutAVector_isRefused() {
      assertThat(scene.refused(Scene.put("1")).reason())
          .isEqualTo(Refusal.Reason.PRECONDITION_REQUIRED);
    }

    @Test
    void coveringUpdate_replaces() {
      scene.send(Scene.put("1", at("cart", Map.of("cart", 1L))));

      Accepted next = scene.accepted(Scene.put("2", at("price", Map.of("cart", 1L, "price", 1L))));

      assertThat(next.receipt().outcome().text()).isEqualTo("replaced");
      assertThat(next.receipt().versionVector())
          .isEqualTo(new VersionVector(Map.of("cart", 1L, "price", 1L)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void knownUpdate_isADuplicate(long number) {
      scene.send(Scene.put("1", at("cart", Map.of("cart", 2L))));

      assertThat(Described.reply(scene.send(Scene.put("9", at("cart", Map.of("cart", number))))))
          .startsWith("duplicate 0.1");
      assertThat(scene.events).hasSize(1);
    }

    @Test
    void concurrentPut_isMerged() {
      scene.send(Scene.put("1", at("cart", Map.of("cart", 1L))));

      Accepted merged = scene.accepted(Scene.put("2", at("price", Map.of("price", 1L))));

      assertThat(merged.receipt().outcome().text()).isEqualTo("merged");
      assertThat(merged.receipt().versionVector())
          .isEqualTo(new VersionVector(Map.of("cart", 1L, "price", 1L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"patch", "increment", "touch", "delete", "rollback"})
    void concurrentMutation_thatIsNoPut_isRefused(String command) {
      scene.send(Scene.put("1", at("cart", Map.of("cart", 1L))));
      Terms terms = at("price", Map.of("price", 1L));

      Refusal refusal =
          scene.refused(
              switch (command) {
                case "patch" -> Scene.merge("2", terms);
                case "increment" -> Scene.increment("1", "0", terms);
                case "touch" -> Scene.touch(terms);
                case "delete" -> new EntryCommand.Delete(terms);
                default -> new EntryCommand.Rollback(1, terms);
              });

      assertThat(refusal.reason()).isEqualTo(Refusal.Reason.CONCURRENT_UPDATE);
      assertThat(refusal.versionVector()).isEqualTo(new VersionVector(Map.of("cart", 1L)));
    }

    @Test
    void concurrentPut_underReject_isRefused() {
      scene.contract = contract(Ordering.VERSION_VECTOR, Gaps.ACCEPT, Method.REJECT);
      scene.send(Scene.put("1", at("cart", Map.of("cart", 1L))));

      assertThat(scene.refused(Scene.put("2", at("price", Map.of("price", 1L)))).reason())
          .isEqualTo(Refusal.Reason.CONCURRENT_UPDATE);
    }

    @ParameterizedTest
    @CsvSource({"MAX", "MIN", "SUM"})
    void valueThatIsNoNumber_underAMethodOfNumbers_isRefused(Method method) {
      scene.contract = contract(Ordering.VERSION_VECTOR, Gaps.ACCEPT, method);

      Refusal refusal = scene.refused(Scene.put("\"x\"", at("cart", Map.of("cart", 1L))));

      assertThat(refusal.reason()).isEqualTo(Refusal.Reason.CONTRACT_VIOLATION);
      assertThat(refusal.violations().get(0).rule()).isEqualTo("reconciliation.method");
    }

    @Test
    void endedKey_beginsAnewOnlyWithAnUpdateThatCovers() {
      scene.send(Scene.put("1", at("cart", Map.of("cart", 1L))));
      scene.send(new EntryCommand.Delete(at("cart", Map.of("cart", 2L))));

      assertThat(Described.reply(scene.send(Scene.put("2", at("cart", Map.of("cart", 2L))))))
          .startsWith("KEY_ENDED");
      assertThat(Described.reply(scene.send(Scene.put("2", at("price", Map.of("price", 1L))))))
          .startsWith("KEY_ENDED");
      assertThat(
              Described.reply(
                  scene.send(Scene.put("2", at("price", Map.of("cart", 2L, "price", 1L))))))
          .startsWith("created");
    }
  }
}
