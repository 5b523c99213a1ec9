package io.mayfly.actors.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.Recorded;
import org.jspecify.annotations.Nullable;

/** What happened to a contract. Always on disk before it is acknowledged. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = ContractEvent.Stored.class, name = "stored"),
  @JsonSubTypes.Type(value = ContractEvent.Withdrawn.class, name = "withdrawn"),
})
public sealed interface ContractEvent extends WireMessage, Recorded {
  /** Contracts are no entries: nothing of them is listed or falls due. */
  LedgerChange NOTHING = new LedgerChange(null, null, null, null, 0);

  /** The state after the event; the only place where a state changes. */
  ContractState applyTo(ContractState state);

  @Override
  default LedgerChange ledgerChange() {
    return NOTHING;
  }

  @Override
  default boolean forced() {
    return true;
  }

  /**
   * A document came into force.
   *
   * @param number of the change, over all namespaces
   */
  record Stored(long number, long atMillis, Origin origin, ContractDocument document)
      implements ContractEvent {
    @Override
    public ContractState applyTo(ContractState state) {
      return state.with(
          document.namespace(), new ContractState.Slot(number, document.version(), document));
    }
  }

  /**
   * A namespace lost its contract.
   *
   * @param number of the change, over all namespaces
   * @param version the last one that it had; its next one continues from there
   * @param forgotten a namespace whose last version is no longer kept; absent for none
   */
  record Withdrawn(
      long number,
      long atMillis,
      Origin origin,
      String namespace,
      long version,
      @Nullable String forgotten)
      implements ContractEvent {
    @Override
    public ContractState applyTo(ContractState state) {
      ContractState after = state.with(namespace, new ContractState.Slot(number, version, null));
      return forgotten == null ? after : after.without(forgotten);
    }
  }
}
