package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.pressure.Fill;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may join the commands under way. */
final class UnderwayTest {
  private static final EntryId A = new EntryId("ns", "a");
  private static final EntryId B = new EntryId("ns", "b");
  private static final EntryCommand READ = EntryCommand.Read.CURRENT;
  private static final EntryCommand KEYED =
      new EntryCommand.Delete(Terms.NONE.with(new RetryKey("k", "f", false)));

  private final Underway underway = new Underway();

  private static Contract limits(int perKey, int inFlight, int perSecond) {
    return Contract.STANDARD.with(new Limits(100, 0, perKey, inFlight, perSecond));
  }

  private @Nullable Reason join(EntryId id, EntryCommand command, Contract contract) {
    Refusal refusal = underway.join(id, command, contract, 0);
    return refusal == null ? null : refusal.reason();
  }

  @Test
  void key_full_refusesUntilOneLeaves() {
    Contract contract = limits(1, 10, 0);
    join(A, READ, contract);

    assertThat(join(A, READ, contract)).isEqualTo(Reason.KEY_OVERLOADED);
    assertThat(join(B, READ, contract)).isNull();
    underway.leave(A, READ);
    assertThat(join(A, READ, contract)).isNull();
  }

  @Test
  void namespace_full_refusesEveryKey() {
    Contract contract = limits(10, 1, 0);
    join(A, READ, contract);

    assertThat(join(B, READ, contract)).isEqualTo(Reason.NAMESPACE_OVERLOADED);
    assertThat(join(new EntryId("other", "b"), READ, contract)).isNull();
    underway.leave(A, READ);
    assertThat(join(B, READ, contract)).isNull();
  }

  @Test
  void refusal_ofAKey_countsNothingInTheNamespace() {
    Contract contract = limits(1, 2, 0);
    join(A, READ, contract);
    join(A, READ, contract);

    assertThat(join(B, READ, contract)).isNull();
  }

  @Test
  void retry_whileTheFirstRuns_isInProgress() {
    Contract contract = limits(10, 10, 0);
    join(A, KEYED, contract);

    assertThat(join(A, KEYED, contract)).isEqualTo(Reason.IDEMPOTENCY_IN_PROGRESS);
    assertThat(join(A, KEYED, contract)).isEqualTo(Reason.IDEMPOTENCY_IN_PROGRESS);
    assertThat(join(B, KEYED, contract)).isNull();
    underway.leave(A, KEYED);
    assertThat(join(A, KEYED, contract)).isNull();
  }

  @Test
  void otherRequest_underTheKeyOfOneThatRuns_isAMismatch() {
    Contract contract = limits(10, 10, 0);
    EntryCommand other = new EntryCommand.Touch(Terms.NONE.with(new RetryKey("k", "g", false)));
    join(A, KEYED, contract);

    assertThat(join(A, other, contract)).isEqualTo(Reason.IDEMPOTENCY_MISMATCH);
    underway.leave(A, KEYED);
    assertThat(join(A, other, contract)).isNull();
  }

  @Test
  void refusal_ofAFullQueue_saysHowFull() {
    Contract contract = limits(2, 10, 0);
    join(A, READ, contract);
    join(A, READ, contract);

    Refusal refusal = Objects.requireNonNull(underway.join(A, READ, contract, 0));

    assertThat(refusal.queue()).isEqualTo(new Fill(2, 2));
    assertThat(underway.depthOf(A)).isEqualTo(2);
    assertThat(underway.depth("ns")).isEqualTo(2);
  }

  @Test
  void queue_moreThanHalfFull_isCrowdedForASecond() {
    Contract contract = limits(4, 100, 0);
    long second = Duration.ofSeconds(1).toNanos();

    underway.join(A, READ, contract, -5);
    underway.join(A, READ, contract, -5);
    assertThat(underway.crowded(-5)).isFalse();
    underway.join(A, READ, contract, -5);

    assertThat(underway.crowded(-5)).isTrue();
    assertThat(underway.crowded(second - 6)).isTrue();
    assertThat(underway.crowded(second - 5)).isFalse();
  }

  @Test
  void rate_exceeded_countsNothing() {
    Contract contract = limits(2, 2, 1);
    join(A, READ, contract);

    assertThat(join(A, KEYED, contract)).isEqualTo(Reason.RATE_EXCEEDED);
    assertThat(join(A, KEYED, contract)).isEqualTo(Reason.RATE_EXCEEDED);
    assertThat(join(A, KEYED, limits(2, 2, 0))).isNull();
  }
}
