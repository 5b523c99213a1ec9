package io.mayfly.actors.contract;

import java.util.List;

/** What the registry decided: the events to persist, and the answer once they are. */
public record ContractDecision(List<ContractEvent> events, ContractAnswer answer) {
  static ContractDecision of(ContractEvent event, ContractAnswer answer) {
    return new ContractDecision(List.of(event), answer);
  }

  static ContractDecision answer(ContractAnswer answer) {
    return new ContractDecision(List.of(), answer);
  }
}
