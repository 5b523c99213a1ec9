package io.mayfly.actors.entry;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of numbers does, told a second time and naively: a few variables, no events, no
 * states. Replies are texts as {@link Described} writes them, a broken rule by its reason alone.
 */
final class EntryModel implements EntryCommand.Cases<Long, String> {
  private enum Stage {
    ABSENT,
    STANDING,
    TOMBSTONE
  }

  private record Line(long incarnation, long revision, @Nullable Long number, String kind) {}

  private final Contract contract;
  private final Lifetime lifetime;
  private final List<Line> lines = new ArrayList<>();
  private Stage stage = Stage.ABSENT;
  private long incarnation;
  private long revision;
  private long created;
  private long validFrom;
  private boolean early;
  private long deadline;
  private long namedTtl;
  private long number;
  private String end = "";
  private long endedAt;
  private long purgeAt;

  EntryModel(Contract contract) {
    this.contract = contract;
    this.lifetime = contract.lifetime();
  }

  /** What the key answers at an instant. */
  String send(EntryCommand command, long now) {
    if (stage == Stage.STANDING && now >= deadline) {
      end("expired", deadline, now);
    }
    if (stage == Stage.TOMBSTONE && now >= purgeAt) {
      stage = Stage.ABSENT;
      lines.clear();
    }
    return command.match(this, now);
  }

  /** The deadline while the entry stands. */
  OptionalLong deadline() {
    return stage == Stage.STANDING ? OptionalLong.of(deadline) : OptionalLong.empty();
  }

  @Override
  public String put(EntryCommand.Put put, Long now) {
    Instant notBefore = put.notBefore();
    long wanted = notBefore == null ? now : Math.max(now, notBefore.toEpochMilli());
    if (stage != Stage.STANDING) {
      return create(number(put.value()), wanted, put.terms(), now);
    }
    if (!met(put.terms())) {
      return unmet();
    }
    long from = notBefore == null ? validFrom : wanted;
    return from - now > lifetime.max().toMillis()
        ? "CONTRACT_VIOLATION"
        : change("replaced", number(put.value()), from, put.terms(), false, now);
  }

  @Override
  public String increment(EntryCommand.Increment increment, Long now) {
    long by = number(increment.by());
    if (stage != Stage.STANDING) {
      return create(number(increment.initial()) + by, now, increment.terms(), now);
    }
    return unless(
        increment.terms(),
        now,
        () -> change("incremented", number + by, validFrom, increment.terms(), false, now));
  }

  @Override
  public String patch(EntryCommand.Patch patch, Long now) {
    long patched = number(((Change.MergePatch) patch.change()).document());
    boolean same = patched == number && !patch.terms().lifespan().specified();
    return unless(
        patch.terms(),
        now,
        () -> {
          if (!same) {
            return change("patched", patched, validFrom, patch.terms(), false, now);
          }
          slide(now);
          return "unchanged " + told();
        });
  }

  @Override
  public String touch(EntryCommand.Touch touch, Long now) {
    return unless(
        touch.terms(), now, () -> change("renewed", number, validFrom, touch.terms(), true, now));
  }

  @Override
  public String rollback(EntryCommand.Rollback rollback, Long now) {
    return unless(
        rollback.terms(),
        now,
        () -> {
          Long old = kept(rollback.toRevision());
          return old == null
              ? "REVISION_NOT_KEPT " + version() + until()
              : change("rolled-back", old, validFrom, rollback.terms(), false, now);
        });
  }

  @Override
  public String delete(EntryCommand.Delete delete, Long now) {
    if (stage != Stage.STANDING) {
      return gone();
    }
    if (!met(delete.terms())) {
      return unmet();
    }
    end("deleted", now, now);
    return "deleted " + version() + " until " + seconds(now);
  }

  @Override
  public String end(EntryCommand.End end, Long now) {
    if (stage == Stage.STANDING) {
      end(end.reason().text(), now, now);
    }
    return "settled";
  }

  @Override
  public String read(EntryCommand.Read read, Long now) {
    return unless(
        Terms.NONE,
        now,
        () -> {
          Long shown = read.revision() == 0 ? Long.valueOf(number) : kept(read.revision());
          if (shown == null) {
            return "UNKNOWN_REVISION " + version() + until();
          }
          if (read.renews()) {
            slide(now);
          }
          long shownRevision = read.revision() == 0 ? revision : read.revision();
          return "found " + version(incarnation, shownRevision) + until() + " = " + shown;
        });
  }

  @Override
  public String readHistory(EntryCommand.ReadHistory history, Long now) {
    if (stage == Stage.ABSENT) {
      return "UNKNOWN_KEY";
    }
    List<Line> newest = lines.subList(Math.max(0, lines.size() - history.limit()), lines.size());
    return String.join(
        " ",
        newest.stream()
            .map(l -> l.kind() + '(' + version(l.incarnation(), l.revision()) + ')')
            .toList());
  }

  @Override
  public String settle(EntryCommand.Settle settle, Long now) {
    return "settled";
  }

  private interface Then {
    String get();
  }

  private String unless(Terms terms, long now, Then then) {
    if (stage != Stage.STANDING) {
      return gone();
    }
    if (early && now < validFrom) {
      return "NOT_YET_VALID "
          + version()
          + until()
          + " at "
          + seconds(validFrom)
          + " wait "
          + (validFrom - now) / 1000;
    }
    return met(terms) ? then.get() : unmet();
  }

  private String create(long value, long from, Terms terms, long now) {
    if (!terms.precondition().holds(null)) {
      return "PRECONDITION_FAILED";
    }
    Long wished = wished(terms.lifespan(), from);
    long until = wished == null ? from + lifetime.standard().toMillis() : wished;
    if (!withinBounds(until - from)
        || until - from > lifetime.total().toMillis()
        || from - now > lifetime.max().toMillis()) {
      return "CONTRACT_VIOLATION";
    }
    incarnation = Math.max(incarnation + 1, now);
    revision = 1;
    created = now;
    stage = Stage.STANDING;
    namedTtl = 0;
    take(value, from, until, terms.lifespan(), now);
    line("created");
    return "created " + told();
  }

  private String change(
      String outcome, long value, long from, Terms terms, boolean renews, long now) {
    long base = Math.max(now, from);
    long cap = Math.max(created, from) + lifetime.total().toMillis();
    Long wished = wished(terms.lifespan(), base);
    boolean sliding = lifetime.renewal() == Renewal.SLIDING;
    long until = deadline;
    if (wished != null) {
      until = wished;
    } else if (sliding) {
      until = Math.max(deadline, base + slideMillis());
    } else if (renews) {
      until = base + lifetime.standard().toMillis();
    }
    boolean tooLong = until > Math.max(cap, deadline);
    boolean fixed = lifetime.renewal() == Renewal.FIXED && (renews || until != deadline);
    if ((wished != null && !withinBounds(wished - base)) || (tooLong && !sliding) || fixed) {
      return "CONTRACT_VIOLATION";
    }
    until = Math.min(until, Math.max(cap, deadline));
    if (until <= base) {
      return "CONTRACT_VIOLATION";
    }
    revision++;
    take(value, from, until, terms.lifespan(), now);
    line(renews ? "renewed" : "updated");
    return outcome + ' ' + told();
  }

  private void take(long value, long from, long until, Lifespan lifespan, long now) {
    number = value;
    validFrom = from;
    early = from > now && from > created;
    deadline = until;
    namedTtl = lifespan.ttl() == null ? namedTtl : lifespan.ttl().toMillis();
  }

  private void slide(long now) {
    if (lifetime.renewal() == Renewal.SLIDING) {
      long base = Math.max(now, validFrom);
      long cap = Math.max(created, validFrom) + lifetime.total().toMillis();
      long slid = Math.max(deadline, Math.min(base + slideMillis(), cap));
      early = slid == deadline ? early : validFrom > now && validFrom > created;
      deadline = slid;
    }
  }

  private void end(String reason, long at, long now) {
    revision++;
    stage = Stage.TOMBSTONE;
    end = reason;
    endedAt = at;
    purgeAt = now + lifetime.tombstone().toMillis();
    line("ended");
  }

  private void line(String kind) {
    lines.add(new Line(incarnation, revision, kind.equals("ended") ? null : number, kind));
    int keep = Math.max(1, contract.history().revisions());
    while (lines.size() > keep) {
      lines.remove(0);
    }
  }

  private @Nullable Long kept(long wanted) {
    if (wanted == revision) {
      return number;
    }
    return lines.stream()
        .filter(l -> l.incarnation() == incarnation && l.revision() == wanted)
        .findFirst()
        .map(Line::number)
        .orElse(null);
  }

  private boolean met(Terms terms) {
    Precondition precondition = terms.precondition();
    return precondition.holds(new Version(incarnation, revision));
  }

  private boolean withinBounds(long millis) {
    return millis >= lifetime.min().toMillis() && millis <= lifetime.max().toMillis();
  }

  private long slideMillis() {
    return namedTtl > 0 ? namedTtl : lifetime.standard().toMillis();
  }

  private static @Nullable Long wished(Lifespan lifespan, long base) {
    if (lifespan.ttl() != null) {
      return base + lifespan.ttl().toMillis();
    }
    return lifespan.expiresAt() == null ? null : lifespan.expiresAt().toEpochMilli();
  }

  private String gone() {
    return stage == Stage.ABSENT
        ? "UNKNOWN_KEY"
        : "KEY_ENDED " + version() + ' ' + end + " at " + seconds(endedAt);
  }

  private String unmet() {
    return "PRECONDITION_FAILED " + version() + until();
  }

  private String told() {
    return version() + until() + " = " + number;
  }

  private String version() {
    return version(incarnation, revision);
  }

  private String until() {
    return " until " + seconds(deadline);
  }

  private static String version(long incarnation, long revision) {
    return Described.version(new Version(incarnation, revision));
  }

  private static String seconds(long millis) {
    return Described.seconds(Instant.ofEpochMilli(millis));
  }

  private static long number(Value value) {
    return Long.parseLong(Json.text(value));
  }
}
