package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.Terms;

/** How an incarnation ends, and how its tombstone goes. */
final class Ends {
  private Ends() {}

  /** The end of an overdue life: at its deadline, however late it is noticed. */
  static EntryEvent.Ended expired(Life life, Situation situation) {
    return end(life, EndReason.EXPIRED, Terms.NONE, life.expiresAtMillis(), situation);
  }

  static Decision delete(Life life, EntryCommand.Delete command, Situation situation) {
    long now = situation.nowMillis();
    EntryEvent.Ended event = end(life, EndReason.DELETED, command.terms(), now, situation);
    return Decision.of(
        event, new Accepted(event.receipt(life, situation.contract().durability()), null));
  }

  /** An end that the house asks for. */
  static Decision end(Life life, EntryCommand.End command, Situation situation) {
    return Decision.of(
        end(
            life,
            command.reason(),
            Terms.NONE.with(command.origin()),
            situation.nowMillis(),
            situation),
        EntryReply.Settled.INSTANCE);
  }

  static EntryEvent.Purged purged(EntryState.Ended ended, Situation situation) {
    return new EntryEvent.Purged(
        Fact.of(ended.version(), Terms.NONE, ended.purgeAtMillis(), situation));
  }

  private static EntryEvent.Ended end(
      Life life, EndReason reason, Terms terms, long endedAtMillis, Situation situation) {
    long tombstoneMillis = situation.contract().lifetime().tombstone().toMillis();
    return new EntryEvent.Ended(
        Fact.of(life.version().next(), terms, life, situation),
        reason,
        endedAtMillis,
        situation.nowMillis() + tombstoneMillis);
  }
}
