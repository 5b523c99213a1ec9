package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Terms;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class UncongestedPathTest {
  private static final Refusal SENT = Refusal.of(Refusal.Reason.UNKNOWN_KEY);

  private final AtomicBoolean congested = new AtomicBoolean();
  private final Entries path =
      UncongestedPath.toEntries(
          (id, command, timeout) -> CompletableFuture.completedFuture(SENT), congested::get);

  private EntryReply send(EntryCommand command) {
    return path.send(new EntryId("ns", "k"), command, Duration.ofSeconds(1))
        .toCompletableFuture()
        .join();
  }

  @Test
  void change_whileTooMuchWaits_isRefusedWithAWait() {
    congested.set(true);

    EntryReply reply = send(new EntryCommand.Delete(Terms.NONE));

    assertThat(reply)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NODE_OVERLOADED);
              assertThat(refusal.retryAfter()).isPositive();
            });
  }

  @Test
  void read_whileTooMuchWaits_isSent() {
    congested.set(true);

    assertThat(send(EntryCommand.Read.PEEK)).isEqualTo(SENT);
  }

  @Test
  void change_otherwise_isSent() {
    assertThat(send(new EntryCommand.Delete(Terms.NONE))).isEqualTo(SENT);
  }
}
