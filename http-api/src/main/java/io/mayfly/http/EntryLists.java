package io.mayfly.http;

import io.mayfly.http.value.Format;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Lists of a namespace's entries. */
final class EntryLists {
  private static final int LIMIT_STANDARD = 100;
  private static final int LIMIT_MAX = 1000;

  private final Entries entries;
  private final Ledger ledger;
  private final InstantSource clock;
  private final HttpSettings settings;

  EntryLists(Entries entries, Ledger ledger, InstantSource clock, HttpSettings settings) {
    this.entries = entries;
    this.ledger = ledger;
    this.clock = clock;
    this.settings = settings;
  }

  /** {@code GET /v1/state/{ns}}. One row more than asked tells whether there is another page. */
  CompletionStage<HttpResponse> list(Call call) {
    Format format = call.format();
    boolean whole = call.query().choice(Parameter.VIEW, "keys", "entries");
    int limit = (int) call.query().number(Parameter.LIMIT, 1, LIMIT_MAX, LIMIT_STANDARD);
    Duration timeout = call.timeout();
    ListQuery query = query(call, limit + 1);
    return ledger
        .list(query)
        .thenCompose(
            rows ->
                whole
                    ? whole(rows, limit, timeout, format)
                    : CompletableFuture.completedFuture(keys(rows, limit, format)));
  }

  private ListQuery query(Call call, int rows) {
    Instant now = clock.instant();
    Duration within = call.query().duration(Parameter.EXPIRING_WITHIN);
    String prefix = call.query().text(Parameter.PREFIX);
    return new ListQuery(
        call.namespace(),
        prefix == null ? "" : checkedPrefix(prefix),
        within == null ? null : now.plus(within),
        position(call.query().text(Parameter.CURSOR)),
        rows,
        now);
  }

  /** A prefix is the beginning of a key, so what no key begins with is a mistake. */
  static String checkedPrefix(String prefix) {
    if (prefix.isEmpty() || prefix.equals(".") || prefix.equals("..")) {
      return prefix;
    }
    try {
      return new EntryId("prefix", prefix).key();
    } catch (IllegalArgumentException e) {
      throw Query.invalid(Parameter.PREFIX, "no key begins so");
    }
  }

  private static ListQuery.@Nullable Position position(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      return Cursor.parse(cursor);
    } catch (IllegalArgumentException e) {
      throw Query.invalid(Parameter.CURSOR, "it is none that a list gave out");
    }
  }

  private static HttpResponse keys(List<LedgerRow> rows, int limit, Format format) {
    List<LedgerRow> page = rows.subList(0, Math.min(limit, rows.size()));
    String cursor = rows.size() > limit ? Cursor.after(page.get(limit - 1)) : null;
    return Responses.document(
        200, Responses.documentHeaders(), format, Documents.keys(format, page, cursor));
  }

  private CompletionStage<HttpResponse> whole(
      List<LedgerRow> rows, int limit, Duration timeout, Format format) {
    List<LedgerRow> page = rows.subList(0, Math.min(limit, rows.size()));
    return new WholeEntries(entries, settings, timeout, page)
        .read()
        .thenApply(
            read -> {
              int used = read.rowsUsed();
              String cursor = rows.size() > used ? Cursor.after(rows.get(used - 1)) : null;
              return Responses.document(
                  200,
                  Responses.documentHeaders(),
                  format,
                  Documents.entries(format, read.entries(), cursor));
            });
  }
}
