package io.mayfly.actors.contract;

import io.mayfly.actors.contract.ContractAnswer.Changed;
import io.mayfly.actors.contract.ContractAnswer.Changes;
import io.mayfly.actors.contract.ContractAnswer.CheckNeeded;
import io.mayfly.actors.contract.ContractAnswer.Decided;
import io.mayfly.actors.contract.ContractCommand.Change;
import io.mayfly.actors.contract.ContractCommand.Follow;
import io.mayfly.actors.contract.ContractCommand.Put;
import io.mayfly.actors.contract.ContractCommand.Withdraw;
import io.mayfly.actors.contract.ContractState.Slot;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractRefusal.Reason;
import io.mayfly.protocol.contract.ContractReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rules of the registry: pure, under the clock reading that each command comes with. */
final class ContractDeciding implements ContractCommand.Cases<Long, ContractDecision> {
  private final ContractState state;
  private final ContractRules rules;

  ContractDeciding(ContractState state, ContractRules rules) {
    this.state = state;
    this.rules = rules;
  }

  @Override
  public ContractDecision put(Put command, Long nowMillis) {
    Slot slot = state.slot(command.namespace());
    ContractDocument current = slot.document();
    ContractAnswer refusal = refusal(command, current);
    if (refusal != null) {
      return ContractDecision.answer(refusal);
    }
    if (tooMany(slot, command.document())) {
      return refused(Reason.TOO_MANY_CONTRACTS, current);
    }
    if (command.checked() != slot.number()
        && Compatibility.between(contract(current), command.document().contract())
            .needsCheck(command.terms().force())) {
      return checkNeeded(slot);
    }
    ContractDocument next = command.document().withVersion(slot.version() + 1);
    long number = state.head() + 1;
    return ContractDecision.of(
        new ContractEvent.Stored(number, nowMillis, command.terms().origin(), next),
        new Decided(new ContractReply.Stored(next, current == null), number));
  }

  @Override
  public ContractDecision withdraw(Withdraw command, Long nowMillis) {
    Slot slot = state.slot(command.namespace());
    ContractAnswer refusal = refusal(command, slot.document());
    if (refusal != null) {
      return ContractDecision.answer(refusal);
    }
    if (slot.document() == null) {
      return refused(Reason.UNKNOWN_CONTRACT, null);
    }
    if (command.checked() != slot.number()) {
      return checkNeeded(slot);
    }
    long number = state.head() + 1;
    return ContractDecision.of(
        new ContractEvent.Withdrawn(
            number,
            nowMillis,
            command.terms().origin(),
            command.namespace(),
            slot.version(),
            forgotten()),
        new Decided(new ContractReply.Withdrawn(slot.version()), number));
  }

  /** A follower that knows changes which are forgotten now begins anew. */
  @Override
  public ContractDecision follow(Follow command, Long nowMillis) {
    boolean anew = command.after() != 0 && command.after() < state.forgottenNumber();
    List<Changed> changed = new ArrayList<>();
    long upTo = state.head();
    long bytes = 0;
    for (Map.Entry<String, Slot> change : state.changesAfter(anew ? 0 : command.after())) {
      if (changed.size() == rules.changesMax() || bytes >= rules.changesBytesMax()) {
        break;
      }
      changed.add(new Changed(change.getKey(), change.getValue().document()));
      bytes += change.getValue().bytes();
      upTo = change.getValue().number();
    }
    return ContractDecision.answer(
        new Changes(
            command.inquiry(), command.after(), anew, upTo, state.head(), List.copyOf(changed)));
  }

  private static @Nullable ContractAnswer refusal(
      Change command, @Nullable ContractDocument current) {
    long version = version(current);
    return command.terms().precondition().holds(version)
        ? null
        : new Decided(ContractRefusal.of(Reason.PRECONDITION_FAILED, version), 0);
  }

  private static ContractDecision refused(Reason reason, @Nullable ContractDocument current) {
    return ContractDecision.answer(new Decided(ContractRefusal.of(reason, version(current)), 0));
  }

  private ContractDecision checkNeeded(Slot slot) {
    return ContractDecision.answer(
        new CheckNeeded(slot.number(), contract(slot.document()), version(slot.document())));
  }

  private boolean tooMany(Slot slot, ContractDocument document) {
    long bytes = state.bytes() - slot.bytes() + new Slot(0, 0, document).bytes();
    return (slot.document() == null && state.documents() >= rules.contractsMax())
        || bytes > rules.bytesMax();
  }

  /** The namespace that was withdrawn first, when one more than enough would be remembered. */
  private @Nullable String forgotten() {
    List<String> withdrawn =
        state.changesAfter(0).stream()
            .filter(change -> change.getValue().document() == null)
            .map(Map.Entry::getKey)
            .toList();
    return withdrawn.size() < rules.contractsMax() ? null : withdrawn.get(0);
  }

  private Contract contract(@Nullable ContractDocument document) {
    return document == null ? rules.standard() : document.contract();
  }

  private static long version(@Nullable ContractDocument document) {
    return document == null ? 0 : document.version();
  }
}
