package io.mayfly.actors.entry;

import io.mayfly.actors.time.Awaited;
import io.mayfly.actors.time.Pace;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.Flag;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What a node lends to its entries.
 *
 * @param clock the one clock
 * @param purgedIncarnation the highest incarnation that any purged key had
 * @param pace how fast the node ends and purges what the clock has overtaken
 * @param census how many entries each namespace has
 * @param telemetry counts what happens
 * @param snapshotEvery how many events lie between two snapshots of an entry
 */
public record EntrySurroundings(
    Contracts contracts,
    InstantSource clock,
    LongSupplier purgedIncarnation,
    Pace pace,
    Census census,
    Telemetry telemetry,
    int snapshotEvery) {

  /** What a key decides in its state, under the limits of the node. */
  Decision decide(EntryState state, EntryCommand command, Situation situation) {
    return census.count(state.decide(command, situation), situation);
  }

  /** Counts what a command came to, once it has. */
  void tell(EntryState before, EntryCommand command, Decision decision, Situation situation) {
    String namespace = situation.id().namespace();
    for (EntryEvent event : decision.events()) {
      if (event instanceof EntryEvent.Created) {
        telemetry.created(namespace);
      } else if (event instanceof EntryEvent.Ended ended) {
        long bornMillis = Objects.requireNonNull(before.current()).createdAtMillis();
        telemetry.ended(
            namespace,
            ended.reason(),
            Duration.ofMillis(ended.endedAtMillis() - bornMillis),
            Duration.ofMillis(ended.fact().atMillis() - ended.endedAtMillis()));
      } else if (event instanceof EntryEvent.Purged) {
        telemetry.purged(namespace);
      }
    }
    if (decision.reply() instanceof Refusal refusal) {
      telemetry.refused(namespace, refusal.reason());
    } else if (decision.reply() instanceof EntryReply.Shadowed) {
      Transitions.of(before, command).stream()
          .filter(transition -> situation.contract().mutation().flag(transition) == Flag.SHADOW)
          .forEach(transition -> telemetry.shadowed(namespace, transition));
    }
  }

  /** Counts an entry out that stood and is gone without an end. */
  void lost(EntryId id) {
    census.leave(id.namespace());
  }

  /** Refuses a command whose caller gave up before its turn came. */
  Refusal overtaken(EntryId id) {
    telemetry.refused(id.namespace(), Refusal.Reason.NOT_BEGUN);
    return Refusal.of(Refusal.Reason.NOT_BEGUN);
  }

  /**
   * What a decision may know now.
   *
   * @param sinceMillis when a node took the command from its caller; 0 when none did
   */
  Situation situation(EntryId id, long sinceMillis) {
    Contract contract = contracts.of(id.namespace());
    long nowMillis = clock.millis();
    return new Situation(
        id,
        contract,
        contracts.ruleOf(contract),
        nowMillis,
        Awaited.since(sinceMillis, nowMillis),
        purgedIncarnation.getAsLong());
  }
}
