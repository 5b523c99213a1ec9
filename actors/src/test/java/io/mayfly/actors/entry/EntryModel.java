package io.mayfly.actors.entry;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Flag;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
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

  private record First(
      String key, String fingerprint, long at, String text, @Nullable String shown) {}

  private final Contract contract;
  private final Lifetime lifetime;
  private final LongPredicate allowed;
  private final List<Line> lines = new ArrayList<>();
  private final List<First> firsts = new ArrayList<>();
  private long fence;
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

  EntryModel(Contract contract, LongPredicate allowed) {
    this.contract = contract;
    this.lifetime = contract.lifetime();
    this.allowed = allowed;
  }

  private EntryModel(EntryModel other) {
    this(other.contract, other.allowed);
    lines.addAll(other.lines);
    firsts.addAll(other.firsts);
    fence = other.fence;
    stage = other.stage;
    incarnation = other.incarnation;
    revision = other.revision;
    created = other.created;
    validFrom = other.validFrom;
    early = other.early;
    deadline = other.deadline;
    namedTtl = other.namedTtl;
    number = other.number;
    end = other.end;
    endedAt = other.endedAt;
    purgeAt = other.purgeAt;
  }

  /** What the key answers at an instant. */
  String send(EntryCommand command, long now) {
    if (stage == Stage.STANDING && now >= deadline) {
      end("expired", deadline, now);
    }
    if (stage == Stage.TOMBSTONE && now >= purgeAt) {
      stage = Stage.ABSENT;
      lines.clear();
      firsts.clear();
      fence = 0;
    }
    return command instanceof EntryCommand.Mutating mutation
        ? guarded(mutation, now)
        : command.match(this, now);
  }

  private String guarded(EntryCommand.Mutating mutation, long now) {
    Terms terms = mutation.terms();
    RetryKey retry = terms.retryKey();
    for (First first : firsts) {
      if (retry != null
          && first.key().equals(retry.key())
          && now - first.at() < contract.idempotency().window().toMillis()) {
        return first.fingerprint().equals(retry.fingerprint())
            ? "again " + first.text() + (first.shown() == null ? "" : " = " + first.shown())
            : "IDEMPOTENCY_MISMATCH";
      }
    }
    String writer = terms.origin().caller();
    writer = writer == null ? terms.origin().producer() : writer;
    Set<String> writers = contract.mutation().writers();
    if (!writers.isEmpty() && (writer == null || !writers.contains(writer))) {
      return "WRITER_NOT_ALLOWED";
    }
    List<Flag> flags = flags(mutation);
    if (flags.contains(Flag.OFF)) {
      return "TRANSITION_DISABLED";
    }
    if (flags.contains(Flag.SHADOW)) {
      String would = mutation.match(new EntryModel(this), now);
      String standing = stage == Stage.STANDING ? version() : "absent";
      return accepted(would) ? "shadowed " + standing : would;
    }
    String reply = mutation.match(this, now);
    remember(reply, terms, now);
    return reply;
  }

  private List<Flag> flags(EntryCommand.Mutating mutation) {
    boolean creates = stage != Stage.STANDING;
    List<Transition> transitions = new ArrayList<>();
    if (mutation instanceof EntryCommand.Put) {
      transitions.add(creates ? Transition.CREATE : Transition.REPLACE);
    } else if (mutation instanceof EntryCommand.Increment) {
      transitions.add(Transition.INCREMENT);
      if (creates) {
        transitions.add(Transition.CREATE);
      }
    } else if (mutation instanceof EntryCommand.Patch) {
      transitions.add(Transition.PATCH);
    } else if (mutation instanceof EntryCommand.Touch) {
      transitions.add(Transition.TOUCH);
    } else if (mutation instanceof EntryCommand.Delete) {
      transitions.add(Transition.DELETE);
    } else {
      transitions.add(Transition.ROLLBACK);
    }
    return transitions.stream().map(contract.mutation()::flag).toList();
  }

  private void remember(String reply, Terms terms, long now) {
    boolean before =
        Stream.of("UNKNOWN_KEY", "KEY_ENDED", "NOT_YET_VALID", "FENCE_REQUIRED", "STALE_FENCE")
            .anyMatch(reply::startsWith);
    if (before || stage == Stage.ABSENT) {
      return;
    }
    RetryKey retry = accepted(reply) ? terms.retryKey() : null;
    boolean quiet = !accepted(reply) || reply.startsWith("unchanged");
    if (quiet && stage == Stage.STANDING && (retry != null || terms.fence() > fence)) {
      early = validFrom > now && validFrom > created;
    }
    fence = Math.max(fence, terms.fence());
    if (retry != null) {
      int value = reply.indexOf(" = ");
      firsts.removeIf(
          first ->
              first.key().equals(retry.key())
                  || now - first.at() >= contract.idempotency().window().toMillis());
      firsts.add(
          new First(
              retry.key(),
              retry.fingerprint(),
              now,
              value < 0 ? reply : reply.substring(0, value),
              value < 0 || !retry.keepsValue() ? null : reply.substring(value + 3)));
      while (firsts.size() > contract.idempotency().keys() && firsts.get(0).at() < now - 100) {
        firsts.remove(0);
      }
    }
  }

  private static boolean accepted(String reply) {
    return Character.isLowerCase(reply.charAt(0));
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
    String unmet = unmet(put.terms());
    if (unmet != null) {
      return unmet;
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
    String unmet = unmet(delete.terms());
    if (unmet != null) {
      return unmet;
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
    return whenValid(
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
    return whenValid(
        now,
        () -> {
          String unmet = unmet(terms);
          return unmet == null ? then.get() : unmet;
        });
  }

  private String whenValid(long now, Then then) {
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
    return then.get();
  }

  private String create(long value, long from, Terms terms, long now) {
    String unmet = unmet(terms);
    if (unmet != null) {
      return unmet;
    }
    String unfit = unfit(value);
    if (unfit != null) {
      return unfit;
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
    String unfit = renews ? null : unfit(value);
    if (unfit != null) {
      return unfit;
    }
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

  private @Nullable String unmet(Terms terms) {
    boolean standing = stage == Stage.STANDING;
    String about = standing ? ' ' + version() + until() : "";
    if (terms.fence() == 0 && contract.mutation().fenceRequired()) {
      return "FENCE_REQUIRED" + about;
    }
    if (terms.fence() > 0 && terms.fence() < fence) {
      return "STALE_FENCE";
    }
    Precondition precondition = terms.precondition();
    if (contract.mutation().preconditionRequired() && precondition.equals(Precondition.NONE)) {
      return "PRECONDITION_REQUIRED" + about;
    }
    return precondition.holds(standing ? new Version(incarnation, revision) : null)
        ? null
        : "PRECONDITION_FAILED" + about;
  }

  private @Nullable String unfit(long value) {
    int bytes = value < 24 ? 1 : value < 256 ? 2 : value < 65_536 ? 3 : 5;
    if (bytes > contract.limits().valueBytes()) {
      return "VALUE_TOO_LARGE";
    }
    return allowed.test(value) ? null : "CONTRACT_VIOLATION";
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
