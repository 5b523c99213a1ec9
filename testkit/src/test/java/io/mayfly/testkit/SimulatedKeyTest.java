package io.mayfly.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.EntryReply.Found;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SimulatedKeyTest {
  private static Contract contract(Durability durability) {
    return Contract.STANDARD.with(durability);
  }

  /** The example of the package. */
  @Test
  void cart_survivesACrashAndEndsOnceAtItsDeadline() {
    SimulatedKey cart = SimulatedKey.under(contract(Durability.JOURNALED));
    cart.put(JsonText.value("{\"items\":1}"), Terms.NONE);
    cart.advance(Duration.ofMinutes(10));
    cart.crash();

    assertThat(text(cart.get())).isEqualTo("{\"items\":1}");
    cart.advance(Duration.ofMinutes(5));
    assertThat(reason(cart.get())).isEqualTo(Reason.KEY_ENDED);
    assertThat(cart.terminalEvents())
        .singleElement()
        .extracting(end -> end.reason())
        .isEqualTo(EndReason.EXPIRED);
  }

  @Test
  void advance_endsAtTheDeadlineHoweverFarItGoes() {
    SimulatedKey key = SimulatedKey.under(contract(Durability.JOURNALED));
    key.put(JsonText.value("1"), Terms.NONE);
    key.advance(Duration.ofMinutes(15).minusMillis(1));
    assertThat(text(key.get())).isEqualTo("1");

    key.advance(Duration.ofMinutes(3));

    long deadlineMillis = SimulatedKey.START.plus(Duration.ofMinutes(15)).toEpochMilli();
    assertThat(key.terminalEvents())
        .singleElement()
        .satisfies(
            end -> {
              assertThat(end.endedAtMillis()).isEqualTo(deadlineMillis);
              assertThat(end.fact().atMillis()).isEqualTo(deadlineMillis);
            });
    assertThat(key.history()).hasSize(2);
    assertThat(key.clock().instant())
        .isEqualTo(SimulatedKey.START.plus(Duration.ofMinutes(18)).minusMillis(1));
  }

  @Test
  void advance_beyondTheTombstone_forgetsTheKeyButNotItsIncarnation() {
    SimulatedKey key = SimulatedKey.under(contract(Durability.JOURNALED));
    key.put(JsonText.value("1"), Terms.NONE);

    key.advance(Duration.ofMinutes(25));
    key.crash();

    assertThat(reason(key.get())).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(key.history()).isEmpty();
    assertThat(key.terminalEvents()).hasSize(1);
  }

  @Test
  void renewal_movesTheEnd() {
    SimulatedKey key = SimulatedKey.under(contract(Durability.SYNCED));
    key.put(JsonText.value("1"), Terms.NONE);
    key.advance(Duration.ofMinutes(14));
    key.touch(Terms.NONE.with(new Lifespan(Duration.ofHours(1), null)));

    key.advance(Duration.ofMinutes(59));

    assertThat(text(key.get())).isEqualTo("1");
    key.advance(Duration.ofMinutes(1));
    assertThat(reason(key.get())).isEqualTo(Reason.KEY_ENDED);
  }

  @Test
  void crash_ofAVolatileKey_losesIt() {
    SimulatedKey key = SimulatedKey.under(contract(Durability.VOLATILE));
    key.put(JsonText.value("1"), Terms.NONE);

    key.crash();

    assertThat(reason(key.get())).isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void mutations_followTheRules() {
    SimulatedKey key = SimulatedKey.under(contract(Durability.JOURNALED));

    key.increment(JsonText.value("2"), JsonText.value("40"), Terms.NONE);
    key.patch(new Change.MergePatch(JsonText.value("{\"a\":1}")), Terms.NONE);
    assertThat(text(key.get())).isEqualTo("{\"a\":1}");
    key.rollback(1, Terms.NONE);
    assertThat(text(key.get())).isEqualTo("42");
    key.delete(Terms.NONE);

    assertThat(key.history()).hasSize(4);
    assertThat(key.terminalEvents().get(0).reason()).isEqualTo(EndReason.DELETED);
    assertThat(key.put(JsonText.value("1"), Terms.NONE)).isInstanceOf(Accepted.class);
  }

  @Test
  void advance_backwards_isRefused() {
    SimulatedKey key = SimulatedKey.under(contract(Durability.JOURNALED));

    assertThatIllegalArgumentException().isThrownBy(() -> key.advance(Duration.ofMillis(-1)));
    assertThatIllegalArgumentException().isThrownBy(() -> JsonText.value("{"));
  }

  private static String text(EntryReply reply) {
    return reply instanceof Found found ? JsonText.of(found.view().value()) : reply.toString();
  }

  private static Reason reason(EntryReply reply) {
    if (reply instanceof Refusal refusal) {
      return refusal.reason();
    }
    throw new AssertionError("not refused: " + reply);
  }
}
