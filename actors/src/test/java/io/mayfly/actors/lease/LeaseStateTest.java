package io.mayfly.actors.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.contract.Contract.Idempotency;
import io.mayfly.protocol.contract.Contract.Mutation;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseTerms;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the table of states and commands does not show. */
final class LeaseStateTest {
  private final Stage stage = new Stage();

  private long token() {
    return stage.state.highestToken();
  }

  @Test
  void tokens_growOverExpiryPurgeLostMemoryAndAClockThatStepsBack() {
    stage.send(stage.acquire("a", 1, 10, 0));
    long first = token();
    stage.at(-3600).send(stage.release());
    stage.send(stage.acquire("b", 1, 10, 0));
    long second = token();
    stage.at(700).send(LeaseCommand.Settle.NOW);
    stage.at(1400).send(LeaseCommand.Settle.NOW);
    assertThat(stage.state).isInstanceOf(LeaseState.Absent.class);
    stage.state = LeaseState.initial();
    stage.at(-7200).send(stage.acquire("c", 1, 10, 0));
    long third = token();

    assertThat(first).isEqualTo(Stage.NOW.toEpochMilli());
    assertThat(second).isEqualTo(first + 1);
    assertThat(third).isEqualTo(second + 1);
  }

  @Test
  void fullQueue_refusesWhoWouldWait() {
    stage.send(stage.acquire("a", 1, 50, 0));
    for (int i = 0; i < 3; i++) {
      assertThat(stage.ask(stage.acquire("w", 1, 10, 30))).isEqualTo("waits");
    }

    assertThat(stage.ask(stage.acquire("w", 1, 10, 30))).isEqualTo("KEY_OVERLOADED");
    assertThat(stage.ask(stage.acquire("w", 1, 10, 0))).isEqualTo("LEASE_HELD");
    assertThat(stage.ask(stage.release())).isEqualTo("released");
  }

  @Test
  void leases_areBoundedInNumber() {
    stage.send(Stage.define(100, 0));
    for (int i = 0; i < 5; i++) {
      stage.send(stage.acquire("a", 1, 50, 0));
    }

    assertThat(stage.ask(stage.acquire("a", 1, 50, 0))).isEqualTo("KEY_OVERLOADED");
  }

  @Test
  void patience_overByMuch_isNotServedAnyMore() {
    stage.send(stage.acquire("a", 1, 20, 0));
    stage.send(stage.acquire("b", 1, 10, 15));

    Decision late = stage.at(20).send(LeaseCommand.Settle.NOW);

    assertThat(Stage.answers(late)).isEqualTo("n2: LEASE_HELD");
  }

  @Test
  void shrinking_tellsThoseWhoCanNeverBeServed() {
    stage.send(Stage.define(3, 0));
    stage.send(stage.acquire("a", 3, 50, 0));
    stage.send(stage.acquire("b", 3, 10, 30));
    stage.send(stage.acquire("c", 2, 10, 30));

    Decision shrunk = stage.send(Stage.define(2, 0));

    assertThat(Stage.answers(shrunk)).isEqualTo("n2: CONTRACT_VIOLATION capacity");
    assertThat(stage.queue.size()).isEqualTo(1);
  }

  @Test
  void cooldown_countsFromTheEndHoweverLateItIsNoticed() {
    stage.send(Stage.define(1, 10));
    stage.send(stage.acquire("a", 1, 5, 0));

    assertThat(stage.at(14.9).ask(stage.acquire("b", 1, 5, 0))).isEqualTo("LEASE_HELD");
    assertThat(stage.at(15).ask(stage.acquire("b", 1, 5, 0))).isEqualTo("granted 1 to b until 20");
  }

  @Test
  void definedResource_standsForTheLongestLifeOfALease() {
    stage.send(Stage.define(2, 0));

    assertThat(stage.at(3599).ask(LeaseCommand.Read.CURRENT)).startsWith("found");
    assertThat(stage.at(3600).ask(LeaseCommand.Read.CURRENT)).isEqualTo("UNKNOWN_LEASE");
  }

  @Test
  void retry_isAnsweredFromMemoryWithinItsWindow() {
    stage.contract = Stage.CONTRACT.with(new Idempotency(Duration.ofSeconds(60), 2));
    stage.send(Stage.define(9, 0));
    LeaseTerms retry = Stage.retry("k", "f");

    stage.send(stage.acquire("a", 1, 100, 0, retry));
    assertThat(stage.at(59).ask(stage.acquire("a", 1, 100, 0, retry)))
        .isEqualTo("again granted 1 to a until 100");
    assertThat(stage.ask(stage.acquire("a", 1, 100, 0, Stage.retry("k", "other"))))
        .isEqualTo("IDEMPOTENCY_MISMATCH");

    assertThat(stage.at(60).ask(stage.acquire("a", 1, 100, 0, retry)))
        .isEqualTo("granted 1 to a until 160");
  }

  @Test
  void answers_areBoundedInNumber() {
    stage.contract = Stage.CONTRACT.with(new Idempotency(Duration.ofHours(1), 2));
    stage.send(Stage.define(9, 0));
    for (int i = 1; i <= 3; i++) {
      stage.at(i).send(stage.acquire("a", 1, 100, 0, Stage.retry(Integer.toString(i), "f")));
    }

    assertThat(stage.state.resource().memory().answers().all()).hasSize(2);
    assertThat(stage.ask(stage.acquire("a", 1, 100, 0, Stage.retry("3", "f")))).startsWith("again");
  }

  @Test
  void attempt_takenBeforeAnAnswerThatIsForgotten_isNotBegun() {
    stage.contract = Stage.CONTRACT.with(new Idempotency(Duration.ofHours(1), 2));
    stage.send(Stage.define(9, 0));
    for (int i = 1; i <= 4; i++) {
      stage.at(i).send(stage.acquire("a", 1, 100, 0, Stage.retry(Integer.toString(i), "f")));
    }
    int events = stage.events.size();
    LeaseCommand late = stage.acquire("a", 1, 100, 0, Stage.retry("1", "f"));

    Decision decision = stage.send(late, Stage.NOW.plusSeconds(1).toEpochMilli());

    assertThat(decision.reply()).contains(LeaseRefusal.of(LeaseRefusal.Reason.ANSWER_FORGOTTEN));
    assertThat(stage.events).hasSize(events);
  }

  @Test
  void refusal_isNotRemembered() {
    stage.send(stage.acquire("a", 1, 10, 0));
    LeaseTerms retry = Stage.retry("k", "f");

    assertThat(stage.ask(stage.acquire("b", 1, 10, 0, retry))).isEqualTo("LEASE_HELD");
    assertThat(stage.at(10).ask(stage.acquire("b", 1, 10, 0, retry)))
        .isEqualTo("granted 1 to b until 20");
  }

  @Test
  void writers_areTheContracts() {
    stage.contract =
        Stage.CONTRACT.with(new Mutation(Set.of("cart"), false, false, Mutation.ALL_ON));

    assertThat(stage.ask(stage.acquire("a", 1, 10, 0)))
        .isEqualTo("WRITER_NOT_ALLOWED mutation.writers");
    assertThat(
            stage.ask(
                stage.acquire("a", 1, 10, 0, new LeaseTerms(new Origin("cart", null, null), null))))
        .isEqualTo("granted 1 to a until 10");
  }

  @Test
  void syncedContract_forcesEveryEvent() {
    stage.contract = Stage.CONTRACT.with(Durability.SYNCED);

    assertThat(stage.send(stage.acquire("a", 1, 10, 0)).events()).allMatch(LeaseEvent::forced);
  }

  @Test
  void releasedIds_areBoundedInNumber() {
    for (int i = 0; i < 2 * Resource.BYGONE_MAX; i++) {
      stage.send(stage.acquire("a", 1, 10, 0));
      stage.send(stage.release());
    }

    assertThat(stage.state.resource().bygone()).hasSize(Resource.BYGONE_MAX);
  }
}
