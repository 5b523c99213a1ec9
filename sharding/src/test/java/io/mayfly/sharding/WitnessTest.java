package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.protocol.ledger.LedgerRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WitnessTest {
  private static final EntryId ID = new EntryId("ns", "k");
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Version VERSION = new Version(7, 2);
  private static final Account LIVE =
      new Account(new LedgerRow(ID, VERSION, NOW, NOW.plusSeconds(60)), NOW.plusSeconds(60));
  private static final Account ENDED = new Account(null, NOW.plusSeconds(90));

  private static EntryReply found(Version version, Instant until) {
    return new EntryReply.Found(
        new EntryView(version, NOW, NOW, until, Durability.JOURNALED, new Value(new byte[] {1})));
  }

  /** The stages of a store that says one thing after the other. */
  private static Witness.Verdict ask(
      EntryReply reply, Optional<Account> before, Optional<Account> after) {
    Queue<Optional<Account>> said = new ArrayDeque<>(List.of(before, after));
    LedgerRounds rounds =
        new LedgerRounds() {
          @Override
          public CompletionStage<Stretch> next(Duration budget) {
            return new CompletableFuture<>();
          }

          @Override
          public CompletionStage<Optional<Account>> account(EntryId id) {
            return CompletableFuture.completedStage(said.remove());
          }
        };
    return new Witness(
            rounds,
            (id, command, timeout) -> CompletableFuture.completedStage(reply),
            Duration.ofSeconds(1))
        .ask(ID)
        .toCompletableFuture()
        .join();
  }

  static Stream<Arguments> answers() {
    EntryReply same = found(VERSION, NOW.plusSeconds(60));
    EntryReply gone = Refusal.ended(VERSION, EndReason.EXPIRED, NOW);
    EntryReply unknown = Refusal.of(Reason.UNKNOWN_KEY);
    EntryReply early =
        Refusal.notYetValid(VERSION, NOW, NOW.plusSeconds(60), Duration.ofSeconds(1));
    return Stream.of(
        Arguments.of(LIVE, same, Witness.Verdict.AGREES),
        Arguments.of(LIVE, early, Witness.Verdict.AGREES),
        Arguments.of(LIVE, found(VERSION.next(), NOW.plusSeconds(60)), Witness.Verdict.DIFFERS),
        Arguments.of(LIVE, found(VERSION, NOW.plusSeconds(61)), Witness.Verdict.DIFFERS),
        Arguments.of(LIVE, gone, Witness.Verdict.DIFFERS),
        Arguments.of(LIVE, unknown, Witness.Verdict.DIFFERS),
        Arguments.of(ENDED, gone, Witness.Verdict.AGREES),
        Arguments.of(ENDED, same, Witness.Verdict.DIFFERS),
        Arguments.of(ENDED, unknown, Witness.Verdict.DIFFERS),
        Arguments.of(Account.NOTHING, unknown, Witness.Verdict.AGREES),
        Arguments.of(Account.NOTHING, same, Witness.Verdict.DIFFERS),
        Arguments.of(LIVE, Refusal.of(Reason.OUTCOME_UNKNOWN), Witness.Verdict.UNKNOWN));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answer_besideAJournalThatStands_isJudged(
      Account account, EntryReply reply, Witness.Verdict verdict) {
    assertThat(ask(reply, Optional.of(account), Optional.of(account))).isEqualTo(verdict);
  }

  @Test
  void answer_whileTheJournalMovesOn_saysNothing() {
    assertThat(ask(Refusal.of(Reason.UNKNOWN_KEY), Optional.of(LIVE), Optional.of(ENDED)))
        .isEqualTo(Witness.Verdict.UNKNOWN);
    assertThat(ask(found(VERSION, NOW), Optional.empty(), Optional.empty()))
        .isEqualTo(Witness.Verdict.UNKNOWN);
  }
}
