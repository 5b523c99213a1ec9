package io.mayfly.sharding;

import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.LedgerRounds;
import io.mayfly.protocol.ledger.LedgerRounds.Repair;
import io.mayfly.protocol.ledger.LedgerRounds.Stretch;
import io.mayfly.protocol.ledger.RoundsReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Drives rounds: lets the store compare its ledger with its journal, stretch by stretch, and asks
 * some keys whether they agree with the journal.
 *
 * <p>After each stretch it rests so long that the set share of a core is kept: a timer that rings
 * late is made up for in the rests that follow. Asked are all keys that were repaired, and one key
 * of each stretch until there are enough; the next stretch begins when they answered.
 */
final class Auditor extends AbstractBehavior<Auditor.Message> {

  /**
   * The limits of rounds.
   *
   * @param interval between the end of a round and the next one
   * @param share of a core that a round may use, above 0, at most 1
   * @param stretch the processor time that a round reads for without a rest
   * @param sample the most keys of a round that are asked although nothing was wrong with them
   * @param logged the most findings of a round that are logged one by one
   */
  record Settings(Duration interval, double share, Duration stretch, int sample, int logged) {
    Settings {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("share: " + share + " (expected: above 0, at most 1)");
      }
    }
  }

  /**
   * What an auditor reaches.
   *
   * @param rounds the store's side of rounds
   * @param witness asks a key
   * @param journaled whether a key is kept in the journal
   * @param names how the log names a key
   * @param restart stops the actor of a key, so that the next request recovers it
   * @param report takes what there is to tell
   */
  record Ports(
      LedgerRounds rounds,
      Function<EntryId, CompletionStage<Witness.Verdict>> witness,
      Predicate<EntryId> journaled,
      LogNames names,
      Consumer<EntryId> restart,
      Consumer<RoundsReport> report) {}

  /** What an auditor understands. */
  sealed interface Message {}

  private record Begin() implements Message {}

  private record GoOn() implements Message {}

  private record Read(Stretch stretch) implements Message {}

  private record Failed(String cause) implements Message {}

  private record Answered(EntryId id, Witness.Verdict verdict) implements Message {}

  private final TimerScheduler<Message> timers;
  private final InstantSource clock;
  private final Settings settings;
  private final Ports ports;
  private final Tally tally = new Tally();
  private final Rest rest;
  private boolean last;
  private int awaited;
  private int sampled;
  private int logged;

  /** An auditor that begins its first round at once. */
  static Behavior<Message> create(InstantSource clock, Settings settings, Ports ports) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Auditor(context, timers, clock, settings, ports)));
  }

  private Auditor(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      InstantSource clock,
      Settings settings,
      Ports ports) {
    super(context);
    this.timers = timers;
    this.clock = clock;
    this.settings = settings;
    this.rest = new Rest(settings.share());
    this.ports = ports;
    context.getSelf().tell(new Begin());
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Begin.class, begin -> begin())
        .onMessage(GoOn.class, goOn -> goOn())
        .onMessage(Read.class, read -> onRead(read.stretch()))
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Failed.class, failed -> onFailed(failed.cause()))
        .build();
  }

  private Behavior<Message> begin() {
    sampled = 0;
    logged = 0;
    rest.reset();
    tally.begin(clock.instant());
    return read();
  }

  private Behavior<Message> goOn() {
    rest.end(clock.instant());
    return read();
  }

  private Behavior<Message> read() {
    ports.report().accept(tally.report());
    getContext()
        .pipeToSelf(
            ports.rounds().next(settings.stretch()),
            (stretch, failure) ->
                failure == null ? new Read(stretch) : new Failed(failure.toString()));
    return this;
  }

  private Behavior<Message> onRead(Stretch stretch) {
    tally.add(stretch);
    stretch.repairs().forEach(this::log);
    last = stretch.last();
    rest.begin(clock.instant(), stretch.worked());
    Set<EntryId> asked = toAsk(stretch);
    awaited = asked.size();
    asked.forEach(this::ask);
    return awaited == 0 ? afterStretch() : this;
  }

  private Set<EntryId> toAsk(Stretch stretch) {
    Set<EntryId> asked = new LinkedHashSet<>();
    for (Repair repair : stretch.repairs()) {
      EntryId id = repair.id();
      if (id != null && repair.drift().repairable() && ports.journaled().test(id)) {
        asked.add(id);
      }
    }
    EntryId example = stretch.example();
    if (example != null && sampled < settings.sample() && ports.journaled().test(example)) {
      sampled++;
      asked.add(example);
    }
    return asked;
  }

  private void ask(EntryId id) {
    getContext()
        .pipeToSelf(
            ports.witness().apply(id),
            (verdict, failure) ->
                new Answered(id, failure == null ? verdict : Witness.Verdict.UNKNOWN));
  }

  private Behavior<Message> onAnswered(Answered answered) {
    boolean differs = answered.verdict() == Witness.Verdict.DIFFERS;
    tally.asked(differs);
    if (differs) {
      if (++logged <= settings.logged()) {
        named(getContext().getLog().atError(), answered.id())
            .log(
                "the actor of this key does not agree with its journal; it is stopped and recovers");
      }
      ports.restart().accept(answered.id());
    }
    awaited--;
    return awaited == 0 ? afterStretch() : this;
  }

  private Behavior<Message> afterStretch() {
    if (!last) {
      Duration left = rest.left(clock.instant());
      if (left.isZero()) {
        // Even a timer without a delay would wait for the scheduler's next tick.
        getContext().getSelf().tell(new GoOn());
      } else {
        timers.startSingleTimer(new GoOn(), left);
      }
      return this;
    }
    tally.end(clock.instant());
    RoundsReport report = tally.report();
    ports.report().accept(report);
    if (report.lastRepairs() > 0) {
      getContext()
          .getLog()
          .warn(
              "a round compared {} rows of the ledger in {} and repaired {}; found since the start:"
                  + " {}",
              report.lastRows(),
              report.lastDuration(),
              report.lastRepairs(),
              report.found());
    }
    timers.startSingleTimer(new Begin(), settings.interval());
    return this;
  }

  private void log(Repair repair) {
    if (++logged <= settings.logged()) {
      LoggingEventBuilder line = getContext().getLog().atWarn();
      EntryId named = named(repair.persistenceId());
      if (named != null) {
        line = named(line, named);
      }
      line.log(
          repair.drift().repairable()
              ? "the ledger differed from the journal and was repaired ({}): {}, {}"
              : "the ledger cannot be compared with the journal ({}): {}, {}",
          repair.drift().text(),
          repair.persistenceId() == null
              ? "a row"
              : ports.names().ofPersistenceId(repair.persistenceId()),
          repair.detail());
    }
  }

  private LoggingEventBuilder named(LoggingEventBuilder line, EntryId id) {
    return line.addKeyValue("namespace", id.namespace())
        .addKeyValue("key", ports.names().key(id.namespace(), id.key()));
  }

  /** What a persistence id names, be it an entry or a resource, which are named alike. */
  private static @Nullable EntryId named(@Nullable String persistenceId) {
    if (persistenceId == null) {
      return null;
    }
    try {
      return EntryId.parse(persistenceId.substring(persistenceId.indexOf('|') + 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Behavior<Message> onFailed(String cause) {
    getContext().getLog().warn("a round over the ledger broke off: {}", cause);
    tally.fail(cause);
    ports.report().accept(tally.report());
    timers.startSingleTimer(new Begin(), settings.interval());
    return this;
  }
}
