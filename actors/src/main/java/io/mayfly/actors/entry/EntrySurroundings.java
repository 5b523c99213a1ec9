package io.mayfly.actors.entry;

import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What a node lends to its entries.
 *
 * @param clock the one clock
 * @param purgedIncarnation the highest incarnation that any purged key had
 * @param pace how fast the node ends and purges what the clock has overtaken
 * @param census how many entries each namespace has
 * @param snapshotEvery how many events lie between two snapshots of an entry
 */
public record EntrySurroundings(
    Contracts contracts,
    InstantSource clock,
    LongSupplier purgedIncarnation,
    Pace pace,
    Census census,
    int snapshotEvery) {

  /** What a key decides in its state, under the limits of the node. */
  Decision decide(EntryState state, EntryCommand command, Situation situation) {
    return census.count(state.decide(command, situation), situation);
  }

  Situation situation(EntryId id) {
    Contract contract = contracts.of(id.namespace());
    return new Situation(
        id, contract, contracts.ruleOf(contract), clock.millis(), purgedIncarnation.getAsLong());
  }
}
