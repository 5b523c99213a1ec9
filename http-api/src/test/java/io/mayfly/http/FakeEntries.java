package io.mayfly.http;

import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Entries and their ledger in one map. Patches replace the value, increments write the summand: the
 * rules proper are tested where they live. Replies can be scripted.
 */
final class FakeEntries implements Entries, Ledger {
  /** What lives under a key. */
  record Held(
      Version version,
      Instant createdAt,
      Instant updatedAt,
      Instant validFrom,
      Instant expiresAt,
      Value value,
      @Nullable Instant endedAt) {}

  private static final Duration TTL = Duration.ofMinutes(15);

  private final TreeMap<String, List<Held>> held = new TreeMap<>();
  private final Queue<CompletionStage<EntryReply>> scripted = new ConcurrentLinkedQueue<>();
  private final InstantSource clock;
  private volatile @Nullable EntryCommand last;
  private volatile @Nullable EntryId lastId;
  private volatile @Nullable Duration lastTimeout;

  FakeEntries(InstantSource clock) {
    this.clock = clock;
  }

  /** The next command gets this answer and changes nothing. */
  void script(EntryReply reply) {
    script(CompletableFuture.completedFuture(reply));
  }

  void script(CompletionStage<EntryReply> reply) {
    scripted.add(reply);
  }

  /** Whether all scripted answers were asked for. */
  boolean scriptOver() {
    return scripted.isEmpty();
  }

  <C extends EntryCommand> C last(Class<C> type) {
    return type.cast(Objects.requireNonNull(last));
  }

  EntryId lastId() {
    return Objects.requireNonNull(lastId);
  }

  Duration lastTimeout() {
    return Objects.requireNonNull(lastTimeout);
  }

  synchronized void clear() {
    held.clear();
    scripted.clear();
  }

  @Override
  public CompletionStage<EntryReply> send(EntryId id, EntryCommand command, Duration timeout) {
    last = command;
    lastId = id;
    lastTimeout = timeout;
    CompletionStage<EntryReply> script = scripted.poll();
    return script != null ? script : CompletableFuture.completedFuture(decide(id, command));
  }

  private synchronized EntryReply decide(EntryId id, EntryCommand command) {
    return command.match(new Rules(), id);
  }

  private @Nullable Held current(EntryId id) {
    List<Held> revisions = held.get(id.text());
    return revisions == null ? null : revisions.get(revisions.size() - 1);
  }

  private final class Rules implements EntryCommand.Cases<EntryId, EntryReply> {
    @Override
    public EntryReply put(EntryCommand.Put put, EntryId id) {
      Held now = current(id);
      Version before = now == null || now.endedAt() != null ? null : now.version();
      if (!put.terms().precondition().holds(before)) {
        return Refusal.of(
            Refusal.Reason.PRECONDITION_FAILED, before, now == null ? null : now.expiresAt());
      }
      return before == null
          ? store(id, null, put.value(), put.terms(), put.notBefore(), Outcome.CREATED)
          : store(id, now, put.value(), put.terms(), put.notBefore(), Outcome.REPLACED);
    }

    @Override
    public EntryReply end(EntryCommand.End end, EntryId id) {
      throw new IllegalStateException("no request ends an entry this way");
    }

    @Override
    public EntryReply patch(EntryCommand.Patch patch, EntryId id) {
      return onLive(
          id,
          now ->
              store(
                  id,
                  now,
                  patch.change() instanceof Change.MergePatch merge
                      ? merge.document()
                      : now.value(),
                  patch.terms(),
                  null,
                  Outcome.PATCHED));
    }

    @Override
    public EntryReply increment(EntryCommand.Increment increment, EntryId id) {
      Held now = current(id);
      return now == null || now.endedAt() != null
          ? store(id, null, increment.by(), increment.terms(), null, Outcome.CREATED)
          : store(id, now, increment.by(), increment.terms(), null, Outcome.INCREMENTED);
    }

    @Override
    public EntryReply touch(EntryCommand.Touch touch, EntryId id) {
      return onLive(id, now -> store(id, now, now.value(), touch.terms(), null, Outcome.RENEWED));
    }

    @Override
    public EntryReply delete(EntryCommand.Delete delete, EntryId id) {
      return onLive(
          id,
          now -> {
            Instant at = clock.instant();
            Held ended =
                new Held(
                    now.version().next(),
                    now.createdAt(),
                    at,
                    now.validFrom(),
                    at,
                    now.value(),
                    at);
            revisions(id).add(ended);
            return new EntryReply.Accepted(receipt(ended, Outcome.DELETED), null);
          });
    }

    @Override
    public EntryReply rollback(EntryCommand.Rollback rollback, EntryId id) {
      return onLive(
          id,
          now ->
              revisions(id).stream()
                  .filter(old -> old.version().revision() == rollback.toRevision())
                  .findFirst()
                  .map(
                      old ->
                          store(id, now, old.value(), rollback.terms(), null, Outcome.ROLLED_BACK))
                  .orElse(Refusal.of(Refusal.Reason.REVISION_NOT_KEPT)));
    }

    @Override
    public EntryReply read(EntryCommand.Read read, EntryId id) {
      return onLive(
          id,
          now ->
              revisions(id).stream()
                  .filter(
                      old ->
                          read.revision() == 0
                              ? old.equals(now)
                              : old.version().revision() == read.revision())
                  .findFirst()
                  .<EntryReply>map(old -> new EntryReply.Found(view(old)))
                  .orElse(Refusal.of(Refusal.Reason.UNKNOWN_REVISION)));
    }

    @Override
    public EntryReply readHistory(EntryCommand.ReadHistory read, EntryId id) {
      List<Held> revisions = held.getOrDefault(id.text(), List.of());
      List<HistoryEvent> events = new ArrayList<>();
      for (Held old : revisions) {
        events.add(event(old));
      }
      int from = Math.max(0, events.size() - read.limit());
      return new EntryReply.Story(events.subList(from, events.size()));
    }

    @Override
    public EntryReply settle(EntryCommand.Settle settle, EntryId id) {
      return EntryReply.Settled.INSTANCE;
    }
  }

  /** What to do with a live entry. */
  private interface Live {
    EntryReply decide(Held now);
  }

  private EntryReply onLive(EntryId id, Live live) {
    Held now = current(id);
    if (now == null) {
      return Refusal.of(Refusal.Reason.UNKNOWN_KEY);
    }
    if (now.endedAt() != null) {
      return Refusal.ended(now.version(), EndReason.DELETED, now.endedAt());
    }
    if (!clock.instant().isBefore(now.expiresAt())) {
      return Refusal.ended(now.version().next(), EndReason.EXPIRED, now.expiresAt());
    }
    if (clock.instant().isBefore(now.validFrom())) {
      return Refusal.notYetValid(
          now.version(),
          now.validFrom(),
          now.expiresAt(),
          Duration.between(clock.instant(), now.validFrom()));
    }
    return live.decide(now);
  }

  private EntryReply store(
      EntryId id,
      @Nullable Held before,
      Value value,
      Terms terms,
      @Nullable Instant notBefore,
      Outcome outcome) {
    Instant at = clock.instant();
    Instant validFrom = notBefore == null ? at : notBefore;
    Version version = before == null ? new Version(at.toEpochMilli(), 1) : before.version().next();
    Held after =
        new Held(
            version,
            before == null ? at : before.createdAt(),
            at,
            validFrom,
            deadline(terms.lifespan(), validFrom, before),
            value,
            null);
    revisions(id).add(after);
    return new EntryReply.Accepted(receipt(after, outcome), value);
  }

  private static Instant deadline(Lifespan lifespan, Instant from, @Nullable Held before) {
    if (lifespan.expiresAt() != null) {
      return lifespan.expiresAt();
    }
    if (lifespan.ttl() != null) {
      return from.plus(lifespan.ttl());
    }
    return before == null ? from.plus(TTL) : before.expiresAt();
  }

  private List<Held> revisions(EntryId id) {
    return held.computeIfAbsent(id.text(), text -> new ArrayList<>());
  }

  private static Receipt receipt(Held held, Outcome outcome) {
    return new Receipt(
        held.version(),
        held.createdAt(),
        held.updatedAt(),
        held.expiresAt(),
        Durability.JOURNALED,
        outcome);
  }

  private static EntryView view(Held held) {
    return new EntryView(
        held.version(),
        held.createdAt(),
        held.updatedAt(),
        held.expiresAt(),
        Durability.JOURNALED,
        held.value());
  }

  private static HistoryEvent event(Held held) {
    boolean first = held.version().revision() == 1;
    HistoryEvent.Kind kind =
        held.endedAt() != null
            ? HistoryEvent.Kind.ENDED
            : first ? HistoryEvent.Kind.CREATED : HistoryEvent.Kind.UPDATED;
    return new HistoryEvent(
        held.version(),
        held.updatedAt(),
        kind,
        first ? Outcome.CREATED : Outcome.REPLACED,
        Origin.UNKNOWN,
        held.expiresAt(),
        held.endedAt() == null ? null : EndReason.DELETED);
  }

  @Override
  public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public synchronized CompletionStage<List<LedgerRow>> list(ListQuery query) {
    Comparator<LedgerRow> order = Comparator.comparing(row -> row.id().key());
    Instant until = query.expiringUntil();
    List<LedgerRow> rows = new ArrayList<>();
    for (String text : held.keySet()) {
      EntryId id = EntryId.parse(text);
      Held now = current(id);
      if (now != null && now.endedAt() == null && matches(query, id, now)) {
        rows.add(new LedgerRow(id, now.version(), now.validFrom(), now.expiresAt()));
      }
    }
    rows.sort(until == null ? order : Comparator.comparing(LedgerRow::expiresAt));
    return CompletableFuture.completedFuture(
        List.copyOf(rows.subList(0, Math.min(rows.size(), query.limit()))));
  }

  private static boolean matches(ListQuery query, EntryId id, Held now) {
    Instant until = query.expiringUntil();
    ListQuery.Position after = query.after();
    boolean later =
        after == null
            || (until == null
                ? id.key().compareTo(after.key()) > 0
                : now.expiresAt().isAfter(after.expiresAt()));
    return id.namespace().equals(query.namespace())
        && id.key().startsWith(query.prefix())
        && later
        && (until == null || !now.expiresAt().isAfter(until))
        && new LedgerRow(id, now.version(), now.validFrom(), now.expiresAt()).visible(query.now());
  }

  @Override
  public CompletionStage<Map<String, Long>> counts() {
    throw new UnsupportedOperationException("no request counts");
  }

  @Override
  public long highestPurgedIncarnation() {
    return 0;
  }
}
