package io.mayfly.sharding;

import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.LedgerRounds;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks a key whether it agrees with the journal. The journal is read before and after: only what
 * did not change meanwhile can be compared with the answer.
 */
final class Witness {
  private final LedgerRounds rounds;
  private final Entries entries;
  private final Duration patience;

  /** What a look at a key came to. */
  enum Verdict {
    AGREES,
    DIFFERS,
    /** It changed meanwhile, gave no answer, or its events cannot be read. */
    UNKNOWN
  }

  Witness(LedgerRounds rounds, Entries entries, Duration patience) {
    this.rounds = rounds;
    this.entries = entries;
    this.patience = patience;
  }

  /** Looks at a key; the look is no use of it. */
  CompletionStage<Verdict> ask(EntryId id) {
    return rounds
        .account(id)
        .thenCompose(
            before ->
                entries
                    .send(id, EntryCommand.Read.PEEK, patience)
                    .thenCompose(
                        reply ->
                            rounds.account(id).thenApply(after -> verdict(before, reply, after))));
  }

  private static Verdict verdict(
      Optional<Account> before, EntryReply reply, Optional<Account> after) {
    return before.isEmpty() || !before.equals(after)
        ? Verdict.UNKNOWN
        : verdict(before.get(), reply);
  }

  private static Verdict verdict(Account account, EntryReply reply) {
    if (reply instanceof EntryReply.Found found) {
      return verdict(account, found.view().version(), found.view().expiresAt());
    }
    if (!(reply instanceof Refusal refusal)) {
      return Verdict.UNKNOWN;
    }
    boolean stands = account.row() != null;
    boolean tombstone = !stands && account.wake() != null;
    return switch (refusal.reason()) {
      case NOT_YET_VALID -> verdict(account, refusal.version(), refusal.expiresAt());
      case KEY_ENDED -> tombstone ? Verdict.AGREES : Verdict.DIFFERS;
      case UNKNOWN_KEY -> account.equals(Account.NOTHING) ? Verdict.AGREES : Verdict.DIFFERS;
      default -> Verdict.UNKNOWN;
    };
  }

  private static Verdict verdict(
      Account account, @Nullable Version version, @Nullable Instant expiresAt) {
    return account.row() != null
            && account.row().version().equals(version)
            && account.row().expiresAt().equals(expiresAt)
        ? Verdict.AGREES
        : Verdict.DIFFERS;
  }
}
