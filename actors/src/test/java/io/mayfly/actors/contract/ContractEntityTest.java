package io.mayfly.actors.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.contract.ContractAnswer.Changed;
import io.mayfly.actors.contract.ContractAnswer.Changes;
import io.mayfly.actors.contract.ContractAnswer.CheckNeeded;
import io.mayfly.actors.contract.ContractAnswer.Decided;
import io.mayfly.actors.contract.ContractCommand.Follow;
import io.mayfly.actors.contract.ContractCommand.Put;
import io.mayfly.actors.contract.ContractCommand.Withdraw;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractPrecondition;
import io.mayfly.protocol.contract.ContractPrecondition.Tags;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.contract.ContractTerms;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ContractEntityTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("contract", EventSourcedBehaviorTestKit.config());
  private static final ContractRules RULES =
      new ContractRules(Contract.STANDARD, 3, 20_000, 2, 1_000_000);
  private static final int SNAPSHOT_EVERY = 4;

  private final EventSourcedBehaviorTestKit<ContractRequest, ContractEvent, ContractState> entity =
      EventSourcedBehaviorTestKit.create(
          KIT.system(),
          ContractEntity.create(RULES, () -> Instant.ofEpochMilli(1_000), SNAPSHOT_EVERY));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void clear() {
    entity.clear();
  }

  private ContractAnswer run(ContractCommand command) {
    return entity
        .<ContractAnswer>runCommand(replyTo -> new ContractRequest(command, replyTo))
        .reply();
  }

  private String told(ContractCommand command) {
    return describe(run(command));
  }

  private static String describe(ContractAnswer answer) {
    if (answer instanceof CheckNeeded needed) {
      return "check " + needed.mark() + " of " + needed.version();
    }
    ContractReply reply = ((Decided) answer).reply();
    if (reply instanceof ContractReply.Stored stored) {
      return (stored.created() ? "created " : "replaced ") + stored.document().version();
    }
    if (reply instanceof ContractReply.Withdrawn withdrawn) {
      return "withdrawn " + withdrawn.version();
    }
    ContractRefusal refusal = (ContractRefusal) reply;
    return refusal.reason() + " " + refusal.version();
  }

  private static Put put(String namespace, Contract contract, ContractTerms terms) {
    return new Put(
        new ContractDocument(namespace, 0, "owner", "", contract),
        terms,
        ContractCommand.UNCHECKED);
  }

  private static Put put(String namespace) {
    return put(namespace, Contract.STANDARD, ContractTerms.NONE);
  }

  private static Withdraw withdraw(String namespace, long mark) {
    return new Withdraw(namespace, ContractTerms.NONE, mark);
  }

  private static ContractTerms ifMatch(long version) {
    return new ContractTerms(
        new ContractPrecondition(new Tags(false, Set.of(version)), null), false, Origin.UNKNOWN);
  }

  private static ContractTerms force() {
    return new ContractTerms(ContractPrecondition.NONE, true, Origin.UNKNOWN);
  }

  private Changes follow(long after) {
    return (Changes) run(new Follow(7, after));
  }

  @Test
  void versions_countUpAndGoOnAfterAWithdrawal() {
    assertThat(told(put("a"))).isEqualTo("created 1");
    assertThat(told(put("a"))).isEqualTo("replaced 2");
    assertThat(told(withdraw("a", 2))).isEqualTo("withdrawn 2");
    assertThat(told(withdraw("a", 3))).isEqualTo("UNKNOWN_CONTRACT 0");
    assertThat(told(put("a"))).isEqualTo("created 3");
  }

  @Test
  void conditions_decideBeforeAnythingElse() {
    run(put("a"));

    assertThat(told(put("a", Contract.STANDARD.with(Durability.VOLATILE), ifMatch(2))))
        .isEqualTo("PRECONDITION_FAILED 1");
    assertThat(told(put("b", Contract.STANDARD, ifMatch(1)))).isEqualTo("PRECONDITION_FAILED 0");
    assertThat(told(put("a", Contract.STANDARD, ifMatch(1)))).isEqualTo("replaced 2");
    assertThat(told(new Withdraw("a", ifMatch(1), 2))).isEqualTo("PRECONDITION_FAILED 2");
  }

  @Test
  void changeThatEntriesMayStandAgainst_needsACheckOfTheCurrentContract() {
    run(put("a"));
    Put move = put("a", Contract.STANDARD.with(Durability.VOLATILE), ContractTerms.NONE);

    assertThat(told(move)).isEqualTo("check 1 of 1");
    run(put("a"));
    assertThat(told(move.checked(1))).isEqualTo("check 2 of 2");
    assertThat(told(move.checked(2))).isEqualTo("replaced 3");
    assertThat(told(withdraw("a", ContractCommand.UNCHECKED))).isEqualTo("check 3 of 3");
  }

  @Test
  void force_needsACheckOnlyOfMoves() {
    Contract narrow = Contract.STANDARD.with(new Contract.Limits(1, 0, 256, 4_096, 0));

    assertThat(told(put("a", narrow, ContractTerms.NONE))).isEqualTo("check 0 of 0");
    assertThat(told(put("a", narrow, force()))).isEqualTo("created 1");
    assertThat(told(put("b", narrow.with(Durability.VOLATILE), force()))).isEqualTo("check 0 of 0");
  }

  @Test
  void follower_seesEveryChangeInPages() {
    run(put("a"));
    run(put("b"));
    run(put("c"));
    run(withdraw("b", 2));

    Changes first = follow(0);
    Changes second = follow(first.upTo());

    assertThat(first.changed()).extracting(Changed::namespace).containsExactly("a", "c");
    assertThat(first.upTo()).isEqualTo(3);
    assertThat(second.changed()).containsExactly(new Changed("b", null));
    assertThat(second.upTo()).isEqualTo(second.head()).isEqualTo(4);
    assertThat(second.inquiry()).isEqualTo(7);
    assertThat(follow(4).changed()).isEmpty();
  }

  @Test
  void limits_areHeld() {
    run(put("a"));
    run(put("b"));
    run(put("c"));

    assertThat(told(put("d"))).isEqualTo("TOO_MANY_CONTRACTS 0");
    assertThat(told(put("c"))).isEqualTo("replaced 2");
    ContractDocument large = new ContractDocument("c", 0, "", "x".repeat(6_000), Contract.STANDARD);
    assertThat(told(new Put(large, ContractTerms.NONE, -1))).isEqualTo("TOO_MANY_CONTRACTS 2");
  }

  @Test
  void withdrawnNamespaces_areForgottenWithoutRepeatingAVersion() {
    for (String namespace : List.of("a", "b", "c", "d")) {
      run(put(namespace));
      run(put(namespace));
      run(withdraw(namespace, entity.getState().head()));
    }

    assertThat(entity.getState().slots()).containsOnlyKeys("b", "c", "d");
    assertThat(told(put("a"))).isEqualTo("created 3");
    assertThat(told(put("new"))).isEqualTo("created 3");
    Changes anew = follow(1);
    assertThat(anew.anew()).isTrue();
    assertThat(anew.changed()).extracting(Changed::namespace).containsExactly("b", "c");
    assertThat(follow(anew.upTo()).anew()).isFalse();
  }

  @Test
  void restart_keepsEverything() {
    for (int i = 0; i < SNAPSHOT_EVERY + 2; i++) {
      run(put("a"));
    }
    ContractState before = entity.getState();

    assertThat(entity.restart().state()).isEqualTo(before);
    assertThat(told(put("a"))).isEqualTo("replaced " + (SNAPSHOT_EVERY + 3));
  }

  @Test
  void events_areForcedToDisk() {
    var result =
        entity.<ContractAnswer>runCommand(replyTo -> new ContractRequest(put("a"), replyTo));

    assertThat(result.events()).hasSize(1).allMatch(ContractEvent::forced);
  }
}
