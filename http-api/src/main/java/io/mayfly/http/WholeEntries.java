package io.mayfly.http;

import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.ledger.LedgerRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads the entries of one page, some at once, in the order of the page. Entries that have ended
 * meanwhile drop out. The page ends early when its values grow too large.
 */
final class WholeEntries {
  private final Entries entries;
  private final HttpSettings settings;
  private final Duration timeout;
  private final List<LedgerRow> rows;
  private final List<Documents.Named> found = new ArrayList<>();
  private long bytes;

  WholeEntries(Entries entries, HttpSettings settings, Duration timeout, List<LedgerRow> rows) {
    this.entries = entries;
    this.settings = settings;
    this.timeout = timeout;
    this.rows = rows;
  }

  /**
   * What was read.
   *
   * @param rowsUsed how many rows of the page the entries stand for
   */
  record Read(List<Documents.Named> entries, int rowsUsed) {}

  CompletionStage<Read> read() {
    return from(0);
  }

  private CompletionStage<Read> from(int start) {
    int end = Math.min(rows.size(), start + settings.listReadsInFlight());
    List<CompletableFuture<EntryReply>> replies = new ArrayList<>(end - start);
    for (LedgerRow row : rows.subList(start, end)) {
      replies.add(entries.send(row.id(), EntryCommand.Read.PEEK, timeout).toCompletableFuture());
    }
    return CompletableFuture.allOf(replies.toArray(new CompletableFuture<?>[0]))
        .thenCompose(
            all -> {
              for (int i = start; i < end; i++) {
                take(rows.get(i), replies.get(i - start).join());
              }
              return end == rows.size() || bytes >= settings.listBytesMax()
                  ? CompletableFuture.completedFuture(new Read(found, end))
                  : from(end);
            });
  }

  private void take(LedgerRow row, EntryReply reply) {
    for (Documents.Named entry : reply.match(new Listed(row))) {
      found.add(entry);
      bytes += entry.view().value().size();
    }
  }

  /** An entry, or nothing when it is not there any more. */
  private static final class Listed extends Expecting<List<Documents.Named>> {
    private final LedgerRow row;

    private Listed(LedgerRow row) {
      this.row = row;
    }

    @Override
    public List<Documents.Named> found(EntryReply.Found reply) {
      return List.of(new Documents.Named(row.id(), reply.view()));
    }

    @Override
    public List<Documents.Named> refused(Refusal reply) {
      return switch (reply.reason()) {
        case UNKNOWN_KEY, KEY_ENDED, NOT_YET_VALID -> List.of();
        default -> throw Refusals.problem(row.id(), reply).exception();
      };
    }
  }
}
