package io.mayfly.testkit.check;

import static io.mayfly.testkit.check.Operation.lostWrite;
import static io.mayfly.testkit.check.Operation.read;
import static io.mayfly.testkit.check.Operation.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The checker on histories of which it is known whether they are linearizable. */
final class LinearizabilityTest {
  private static final OptionalLong NOTHING = OptionalLong.empty();

  @Test
  void reads_ofWhatWasWrittenBefore_areFine() {
    assertThat(
            Linearizability.holds(
                List.of(
                    read(NOTHING, 0, 1),
                    write(1, 2, 3),
                    read(found(1), 4, 5),
                    write(2, 6, 7),
                    read(found(2), 8, 9))))
        .isTrue();
  }

  @Test
  void read_ofAValueThatWasReplacedBefore_isAViolation() {
    assertThat(Linearizability.holds(List.of(write(1, 0, 1), write(2, 2, 3), read(found(1), 4, 5))))
        .isFalse();
  }

  @Test
  void read_ofNothingAfterAnAcknowledgedWrite_isAViolation() {
    assertThat(Linearizability.holds(List.of(write(1, 0, 1), read(NOTHING, 2, 3)))).isFalse();
  }

  @Test
  void concurrentWrites_mayTakeEitherOrder() {
    assertThat(
            Linearizability.holds(
                List.of(write(1, 0, 10), write(2, 0, 10), read(found(1), 11, 12))))
        .isTrue();
    assertThat(
            Linearizability.holds(
                List.of(write(1, 0, 10), write(2, 0, 10), read(found(2), 11, 12))))
        .isTrue();
  }

  @Test
  void twoReads_thatSeeConcurrentWritesInTurnAndBack_areAViolation() {
    assertThat(
            Linearizability.holds(
                List.of(
                    write(1, 0, 100),
                    write(2, 0, 100),
                    read(found(1), 10, 20),
                    read(found(2), 30, 40),
                    read(found(1), 50, 60))))
        .isFalse();
  }

  @Test
  void lostWrite_mayHaveHappenedLateOrNever() {
    List<Operation> before = List.of(write(1, 0, 1), lostWrite(2, 2), read(found(1), 10, 11));
    List<Operation> seenLater = new ArrayList<>(before);
    seenLater.add(read(found(2), 12, 13));
    List<Operation> gone = new ArrayList<>(seenLater);
    gone.add(read(found(1), 14, 15));

    assertThat(Linearizability.holds(before)).isTrue();
    assertThat(Linearizability.holds(seenLater)).isTrue();
    assertThat(Linearizability.holds(gone)).isFalse();
  }

  @Test
  void read_ofALostWriteBeforeItsCall_isAViolation() {
    assertThat(Linearizability.holds(List.of(read(found(1), 0, 1), lostWrite(1, 2)))).isFalse();
  }

  @Test
  void randomHistories_ofARealRegister_areFineAndAreNotWhenOneReadIsChanged() {
    SplittableRandom random = Seed.random("LinearizabilityTest");
    for (int round = 0; round < 200; round++) {
      List<Operation> history = real(random);
      assertThat(Linearizability.holds(history)).as("%s", history).isTrue();

      List<Operation> broken = new ArrayList<>(history);
      broken.add(write(1_000_000, 10_000, 10_001));
      broken.add(read(stale(history), 10_002, 10_003));
      assertThat(Linearizability.holds(broken)).as("%s", broken).isFalse();
    }
  }

  /** A register that takes each step at a moment between call and answer. */
  private static List<Operation> real(SplittableRandom random) {
    OptionalLong value = NOTHING;
    List<Operation> history = new ArrayList<>();
    for (int step = 1; step <= 60; step++) {
      long at = step * 100L;
      long called = at - random.nextLong(300);
      long answered = at + random.nextLong(300);
      if (random.nextInt(3) == 0) {
        value = OptionalLong.of(step);
        history.add(
            random.nextInt(5) == 0 ? lostWrite(step, called) : write(step, called, answered));
      } else {
        history.add(read(value, called, answered));
      }
    }
    return history;
  }

  /** A value that was certainly replaced; nothing, when no write was certain. */
  private static OptionalLong stale(List<Operation> history) {
    return history.stream()
        .filter(operation -> operation.kind() == Operation.Kind.WRITE && operation.certain())
        .map(Operation::value)
        .findFirst()
        .orElse(NOTHING);
  }

  private static OptionalLong found(long value) {
    return OptionalLong.of(value);
  }
}
