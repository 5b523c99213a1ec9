package io.mayfly.testkit;

import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.testkit.check.Guarantees;
import io.mayfly.testkit.check.Linearizability;
import io.mayfly.testkit.check.Operation;
import io.mayfly.testkit.sim.Dice;
import io.mayfly.testkit.sim.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of a plan: clients act while faults happen, then all is healed and must come right. */
final class Run {
  private static final Duration RECOVERY = Duration.ofSeconds(40);
  private static final Duration QUIET = Duration.ofSeconds(90);
  private static final Duration ANSWERED = Duration.ofSeconds(2);
  private static final long QUIET_LATE_MILLIS = 12_000;

  private final Simulation simulation;
  private final Plan plan;
  private final boolean told;
  private final Guarantees guarantees;
  private final Dice ways;
  private final World world;
  private final Map<String, List<Operation>> histories = new LinkedHashMap<>();
  private final Map<Value, Long> numbers = new HashMap<>();

  /** Entries whose values nobody put: whether they are linearizable is not decided. */
  private final Set<String> computed = new HashSet<>();

  private final Map<String, Integer> answers = new TreeMap<>();
  private final List<String> timeline = new ArrayList<>();
  private long errorMillis;
  private long numbered;
  private long answerHash;
  private boolean traffic = true;
  private long quietSinceMillis = Long.MAX_VALUE;

  Run(Simulation simulation, Plan plan, boolean told) {
    this.simulation = simulation;
    this.plan = plan;
    this.told = told;
    this.ways = Dice.of(plan.seed(), "ways");
    this.guarantees = new Guarantees(simulation.contracts());
    this.world = new World(plan.seed(), simulation.nodes(), this::committed);
  }

  private long nowMillis() {
    return world.now().toEpochMilli();
  }

  /**
   * Only a run that is told makes texts of what happens: in others that was a third of the time.
   */
  private void tell(String who, Object... what) {
    if (told) {
      timeline.add(
          String.format(
              "%12.3fs  %-9s %s",
              (nowMillis() - World.START.toEpochMilli()) / 1e3,
              who,
              Arrays.stream(what).map(String::valueOf).collect(Collectors.joining(" "))));
    }
  }

  private void committed(Object event) {
    int before = guarantees.violations().size();
    errorMillis = Math.max(errorMillis, world.errorMillis());
    guarantees.committed(event, nowMillis() + errorMillis + 1);
    tell("stored", event);
    if (event instanceof EntryEvent.Ended ended) {
      long deadline = ended.endedAtMillis();
      if (ended.reason() == EndReason.EXPIRED
          && deadline > quietSinceMillis
          && nowMillis() - deadline > QUIET_LATE_MILLIS) {
        guarantees.broken("punctual", ended);
      }
      if (ended.reason() != EndReason.DELETED) {
        history(ended.fact().id())
            .add(Operation.end(nanos(deadline - errorMillis - 1), world.agenda().nowNanos()));
      }
    }
    if (guarantees.violations().size() > before) {
      tell("VIOLATION", guarantees.violations().get(before));
    }
  }

  /** Values are told apart by numbers. */
  private long number(Value value) {
    return numbers.computeIfAbsent(value, next -> (long) numbers.size());
  }

  private static long nanos(long millis) {
    return (millis - World.START.toEpochMilli()) * 1_000_000;
  }

  private List<Operation> history(EntryId id) {
    return histories.computeIfAbsent(id.text(), text -> new ArrayList<>());
  }

  Outcome play() {
    try (world) {
      world.begin(simulation.agreed());
      plan.faults().forEach(fault -> world.later(fault.at().toNanos(), () -> happens(fault)));
      plan.clients().forEach(this::begin);
      world.run(plan.traffic(), this::failed);
      traffic = false;
      if (!failed()) {
        tell("healed");
        world.heal();
        world.run(RECOVERY, this::failed);
        quietSinceMillis = nowMillis();
        world.run(QUIET, this::failed);
        if (!failed() && nothingOverdue()) {
          List<String> silent = askAll();
          world.run(ANSWERED, this::failed);
          converged(silent);
        }
      }
      long hash = world.agenda().hash() * 31 + answerHash;
      return new Outcome(
          plan.seed(),
          hash,
          world.agenda().steps(),
          Duration.between(World.START, world.now()),
          answers,
          guarantees.ends(),
          histories,
          List.copyOf(guarantees.violations()),
          timeline);
    }
  }

  private boolean failed() {
    return !guarantees.violations().isEmpty();
  }

  private boolean nothingOverdue() {
    List<String> overdue = world.overdue(world.now().minus(Duration.ofSeconds(30)));
    if (!overdue.isEmpty()) {
      guarantees.broken("everything ends", overdue);
    }
    return overdue.isEmpty();
  }

  /** Reads every entry; those from which no answer has come yet stay in the list. */
  private List<String> askAll() {
    List<String> silent = new ArrayList<>(histories.keySet());
    for (String key : histories.keySet()) {
      Behaviour.Ask read = new Behaviour.Ask(EntryId.parse(key), EntryCommand.Read.CURRENT);
      long calledNanos = world.agenda().nowNanos();
      world.ask(
          silent.indexOf(key) % world.size(),
          read,
          reply -> {
            heard(read, reply, calledNanos, /* retried= */ false);
            if (!unknown(reply)) {
              silent.remove(key);
            }
          });
    }
    return silent;
  }

  private void converged(List<String> silent) {
    if (!silent.isEmpty()) {
      guarantees.broken("every key is served", silent);
    }
    histories.forEach(
        (key, history) -> {
          boolean register =
              durability(EntryId.parse(key)) != Durability.VOLATILE && !computed.contains(key);
          if (register && !Linearizability.holds(history)) {
            guarantees.broken("linearizable", key);
          }
        });
  }

  private Durability durability(EntryId id) {
    return simulation.contracts().of(id.namespace()).durability();
  }

  private void happens(Fault fault) {
    if (!traffic) {
      return;
    }
    tell("fault", fault);
    int node = fault.node();
    Runnable after =
        switch (fault.kind()) {
          case CRASH -> {
            world.crash(node);
            yield () -> world.restart(node);
          }
          case CUT_FROM_PEERS -> {
            world.cutFromPeers(node);
            yield () -> world.reconnect(node);
          }
          case CUT_FROM_JOURNAL -> {
            world.cutFromJournal(node, true);
            yield () -> world.cutFromJournal(node, false);
          }
          case FAILING_WRITES -> {
            world.journal(fault.amount(), Duration.ZERO);
            yield () -> world.journal(0, Duration.ZERO);
          }
          case SLOW_JOURNAL -> {
            world.journal(0, Duration.ofMillis((long) (fault.amount() * 2_000)));
            yield () -> world.journal(0, Duration.ZERO);
          }
          case LOSSY_NETWORK -> {
            world.network(fault.amount(), fault.amount(), Duration.ZERO);
            yield () -> world.network(0, 0, Duration.ZERO);
          }
          case SLOW_NETWORK -> {
            world.network(0, fault.amount(), Duration.ofMillis((long) (fault.amount() * 2_000)));
            yield () -> world.network(0, 0, Duration.ZERO);
          }
          case CLOCK_STEP -> {
            world.step(node, Duration.ofMillis((long) fault.amount()));
            yield () -> {};
          }
          case CLOCK_DRIFT -> {
            world.drift(node, fault.amount());
            yield () -> world.drift(node, 0);
          }
          case MOVE -> {
            world.move((int) fault.amount());
            yield () -> {};
          }
          case PASSIVATION -> {
            world.passivateAll();
            yield () -> {};
          }
        };
    errorMillis = Math.max(errorMillis, world.errorMillis());
    world.later(
        fault.length().toNanos(),
        () -> {
          if (traffic) {
            errorMillis = Math.max(errorMillis, world.errorMillis());
            tell("over", fault.kind(), "node=" + node);
            after.run();
          }
        });
  }

  private void begin(int number) {
    Behaviour behaviour = simulation.behaviour(number);
    Dice dice = Dice.of(plan.seed(), "client " + number);
    think(number, behaviour, dice);
  }

  private void think(int client, Behaviour behaviour, Dice dice) {
    Duration pause = simulation.pause();
    world.later(
        dice.between(pause.toNanos() / 10, pause.toNanos() * 2),
        () -> {
          if (traffic) {
            act(client, behaviour, dice);
          }
        });
  }

  private void act(int client, Behaviour behaviour, Dice dice) {
    Behaviour.Act act = behaviour.next(dice, client * 1_000_000L + ++numbered);
    tell("asks", client, act);
    attempt(
        client,
        act,
        world.agenda().nowNanos(),
        /* retried= */ false,
        reply -> {
          try {
            behaviour.heard(act, reply);
          } catch (AssertionError e) {
            guarantees.broken("a client's own assertion", e);
          }
          think(client, behaviour, dice);
        });
  }

  /** Asks, and asks once more what may be repeated when nobody knows what came of it. */
  private void attempt(
      int client,
      Behaviour.Act act,
      long calledNanos,
      boolean retried,
      Consumer<@Nullable Object> then) {
    EntryId fenced = act instanceof Behaviour.Ask ask && fence(ask.command()) > 0 ? ask.id() : null;
    long known =
        fenced != null
            ? guarantees.fence(fenced)
            : act instanceof Behaviour.Agree agree ? guarantees.agreed(agree.namespace()) : 0;
    world.ask(
        ways.below(world.size()),
        act,
        reply -> {
          tell("hears", client, reply == null ? "nothing" : reply);
          count(reply);
          if (unknown(reply) && !retried && act.repeatable()) {
            attempt(client, act, calledNanos, /* retried= */ true, then);
            return;
          }
          if (reply instanceof ContractReply.Stored stored) {
            guarantees.agreed(stored.document(), known);
          }
          if (act instanceof Behaviour.Ask ask) {
            heard(ask, reply, calledNanos, retried);
            if (fenced != null && reply instanceof EntryReply.Accepted) {
              guarantees.fenced(fenced, fence(ask.command()), known);
            }
          }
          then.accept(reply);
        });
  }

  private static long fence(EntryCommand command) {
    return command instanceof EntryCommand.Mutating mutation ? mutation.terms().fence() : 0;
  }

  private void count(@Nullable Object reply) {
    String kind = "none";
    if (reply instanceof Refusal refusal) {
      kind = refusal.reason().name();
    } else if (reply instanceof LeaseRefusal refusal) {
      kind = refusal.reason().name();
    } else if (reply instanceof ContractRefusal refusal) {
      kind = refusal.reason().name();
    } else if (reply != null) {
      kind = reply.getClass().getSimpleName();
    }
    answers.merge(kind, 1, Integer::sum);
    answerHash = answerHash * 31 + kind.hashCode() + world.agenda().nowNanos();
    if (reply instanceof EntryReply.Accepted accepted) {
      answerHash = answerHash * 31 + accepted.receipt().version().hashCode();
    }
  }

  private void heard(Behaviour.Ask ask, @Nullable Object reply, long calledNanos, boolean retried) {
    long now = world.agenda().nowNanos();
    if (reply instanceof EntryReply answer) {
      guarantees.answered(
          ask.id(),
          ask.command(),
          answer,
          World.START.toEpochMilli() + calledNanos / 1_000_000,
          errorMillis + 1,
          durability(ask.id()) != Durability.VOLATILE);
    }
    boolean unknown = unknown(reply) || (retried && !(reply instanceof EntryReply.Accepted));
    long until = unknown ? Long.MAX_VALUE : now;
    if (ask.command() instanceof EntryCommand.Increment
        || ask.command() instanceof EntryCommand.Patch
        || ask.command() instanceof EntryCommand.Rollback) {
      computed.add(ask.id().text());
    } else if (ask.command() instanceof EntryCommand.Put put
        && (unknown || reply instanceof EntryReply.Accepted)) {
      history(ask.id())
          .add(
              new Operation(
                  Operation.Kind.WRITE, OptionalLong.of(number(put.value())), calledNanos, until));
    } else if (ask.command() instanceof EntryCommand.Delete
        && (unknown || reply instanceof EntryReply.Accepted)) {
      history(ask.id()).add(Operation.end(calledNanos, until));
    } else if (ask.command() instanceof EntryCommand.Read) {
      read(ask.id(), reply, calledNanos, now);
    }
  }

  /**
   * Whether the request may act all the same: now, or because the network brought it twice and the
   * other one was not refused.
   */
  private static boolean unknown(@Nullable Object reply) {
    if (reply instanceof Refusal refusal) {
      return switch (refusal.reason()) {
        case OUTCOME_UNKNOWN, IDEMPOTENCY_IN_PROGRESS, NOT_BEGUN, DRAINING -> true;
        default -> false;
      };
    }
    return reply == null;
  }

  private void read(EntryId id, @Nullable Object reply, long calledNanos, long now) {
    if (reply instanceof EntryReply.Found found) {
      history(id)
          .add(Operation.read(OptionalLong.of(number(found.view().value())), calledNanos, now));
    } else if (reply instanceof Refusal refusal
        && (refusal.reason() == Refusal.Reason.KEY_ENDED
            || refusal.reason() == Refusal.Reason.UNKNOWN_KEY)) {
      history(id).add(Operation.read(OptionalLong.empty(), calledNanos, now));
    }
  }
}
