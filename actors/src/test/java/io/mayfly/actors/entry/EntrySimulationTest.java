package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.patch.Json;
import io.mayfly.actors.wire.WireSerializer;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import io.mayfly.protocol.ledger.Account;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import java.io.NotSerializableException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of one key against a naive model, with every invariant checked after each step.
 * {@code -Dmayfly.seed=N} runs one of them again.
 */
final class EntrySimulationTest {
  private static final int SEEDS = 280;
  private static final int STEPS = 300;
  private static final long MUTATIONS_MIN = 50_000;
  private static final Violation ODD = new Violation("schema", "", "the number is odd");

  private static final ActorTestKit KIT = ActorTestKit.create("simulation");
  private static final WireSerializer WIRE =
      new WireSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));

  private static long mutations;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @AfterAll
  static void lives_together_decideEnoughMutations() {
    System.out.println("EntrySimulationTest: " + mutations + " mutations, 0 disagreements");
    if (Long.getLong("mayfly.seed") == null) {
      assertThat(mutations).isGreaterThanOrEqualTo(MUTATIONS_MIN);
    }
  }

  static LongStream seeds() {
    Long one = Long.getLong("mayfly.seed");
    return one == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void randomLife_keepsEveryInvariant(long seed) {
    RandomCommands random = new RandomCommands(seed);
    Scene scene = new Scene(random.contract());
    LongPredicate allowed = random.evenOnly() ? number -> number % 2 == 0 : number -> true;
    scene.rule = value -> allowed.test(number(value)) ? List.of() : List.of(ODD);
    EntryModel model = new EntryModel(scene.contract, allowed);
    Ledger ledger = new Ledger();
    Incarnations incarnations = new Incarnations();
    for (int step = 0; step < STEPS; step++) {
      scene.state = (EntryState) roundTripped(scene.state);
      scene.nowMillis += random.stepMillis(scene.nowMillis, scene.state.wakeAtMillis());
      EntryCommand command = random.command(scene.state, scene.nowMillis);
      mutations += command instanceof EntryCommand.Mutating ? 1 : 0;
      EntryState before = scene.state;
      int eventsBefore = scene.events.size();

      EntryReply reply = scene.send(command);

      List<EntryEvent> fresh = scene.events.subList(eventsBefore, scene.events.size());
      String expected = model.send(command, scene.nowMillis);
      String what = "seed=" + seed + " step=" + step + ' ' + command + " in " + before;
      assertThat(shortened(reply)).as(what).isEqualTo(expected);
      assertThat(replayed(scene.events)).as(what).isEqualTo(scene.state);
      assertThat(roundTripped(scene.state)).as(what).isEqualTo(scene.state);
      assertThat(roundTripped(reply)).as(what).isEqualTo(reply);
      requireForwarded(new ForwardedRequest(step, Scene.ID, command, step, seed, null), what);
      requireForwarded(new ForwardedReply(step, step % 2 == 0, reply), what);
      requireUnreadableWhenOverdue(scene, reply, what);
      for (EntryEvent event : fresh) {
        assertThat(roundTripped(event)).as(what).isEqualTo(event);
        incarnations.apply(event, what);
        if (!(event instanceof EntryEvent.Noted)) {
          ledger.apply(event.ledgerChange(), what);
        }
      }
      ledger.requireAgrees(scene.state, what);
      assertThat(scene.state instanceof EntryState.Standing)
          .as(what)
          .isEqualTo(model.deadline().isPresent());
    }
  }

  /** A broken rule by its reason alone: the model does not tell one rule from another. */
  private static String shortened(EntryReply reply) {
    if (reply instanceof Refusal refusal && !refusal.violations().isEmpty()) {
      return refusal.reason().name();
    }
    boolean again = reply instanceof EntryReply.Accepted accepted && accepted.replayed();
    return (again ? "again " : "") + Described.reply(reply);
  }

  private static long number(Value value) {
    return Long.parseLong(Json.text(value));
  }

  private static EntryState replayed(List<EntryEvent> events) {
    EntryState state = EntryState.initial();
    for (EntryEvent event : events) {
      state = event.applyTo(state);
    }
    return state;
  }

  private static Object roundTripped(Object message) {
    try {
      return WIRE.fromBinary(WIRE.toBinary(message), WIRE.manifest(message));
    } catch (NotSerializableException e) {
      throw new AssertionError(e);
    }
  }

  private static void requireForwarded(WireMessage message, String what) {
    assertThat(roundTripped(message)).as(what).isEqualTo(message);
  }

  private static void requireUnreadableWhenOverdue(Scene scene, EntryReply reply, String what) {
    if (reply instanceof EntryReply.Found found) {
      assertThat(found.view().expiresAt().toEpochMilli()).as(what).isGreaterThan(scene.nowMillis);
    }
    EntryReply look = scene.decide(EntryCommand.Read.PEEK).reply();
    if (scene.state.wakeAtMillis() <= scene.nowMillis) {
      assertThat(look).as(what).isNotInstanceOf(EntryReply.Found.class);
    }
  }

  /** Checks the order of events within and over incarnations. */
  private static final class Incarnations {
    private long incarnation;
    private long revision;
    private long deadlineMillis;
    private boolean ended = true;

    void apply(EntryEvent event, String what) {
      Fact fact = event.fact();
      if (event instanceof EntryEvent.Created created) {
        assertThat(ended).as(what).isTrue();
        assertThat(fact.version().incarnation()).as(what).isGreaterThan(incarnation);
        incarnation = fact.version().incarnation();
        revision = 0;
        ended = false;
        deadlineMillis = created.expiresAtMillis();
      }
      assertThat(fact.version().incarnation()).as(what).isEqualTo(incarnation);
      if (event instanceof EntryEvent.Noted) {
        assertThat(fact.version().revision()).as(what).isEqualTo(revision);
        return;
      }
      if (event instanceof EntryEvent.Slid
          || event instanceof EntryEvent.Deferred
          || event instanceof EntryEvent.Purged) {
        assertThat(fact.version().revision()).as(what).isEqualTo(revision);
      } else {
        assertThat(fact.version().revision()).as(what).isEqualTo(++revision);
      }
      if (event instanceof EntryEvent.Purged) {
        assertThat(ended).as(what).isTrue();
      } else if (event instanceof EntryEvent.Ended end) {
        requireRightEnd(end, what);
      } else {
        assertThat(ended).as(what).isFalse();
        deadlineMillis = deadline(event, deadlineMillis);
      }
    }

    private void requireRightEnd(EntryEvent.Ended end, String what) {
      assertThat(ended).as(what).isFalse();
      ended = true;
      switch (end.reason()) {
        case EXPIRED -> {
          assertThat(end.endedAtMillis()).as(what).isEqualTo(deadlineMillis);
          assertThat(end.fact().atMillis()).as(what).isGreaterThanOrEqualTo(deadlineMillis);
        }
        case DELETED, SUPERSEDED, EVICTED ->
            assertThat(end.endedAtMillis()).as(what).isLessThan(deadlineMillis);
      }
    }

    private static long deadline(EntryEvent event, long otherwise) {
      if (event instanceof EntryEvent.Updated updated) {
        return updated.expiresAtMillis();
      }
      if (event instanceof EntryEvent.Renewed renewed) {
        return renewed.expiresAtMillis();
      }
      return event instanceof EntryEvent.Slid slid ? slid.expiresAtMillis() : otherwise;
    }
  }

  /** The ledger as maps from the very fields by which a store finds what to remove. */
  private static final class Ledger {
    private final Map<Instant, LedgerRow> rows = new HashMap<>();
    private @Nullable Instant wake;

    void apply(LedgerChange change, String what) {
      LedgerRow before = change.before();
      assertThat(rows).as(what).hasSize(before == null ? 0 : 1);
      if (before != null) {
        LedgerRow held = rows.remove(before.expiresAt());
        assertThat(held).as(what).isNotNull();
        assertThat(before.id()).as(what).isEqualTo(Scene.ID);
      }
      LedgerRow after = change.after();
      if (after != null) {
        rows.put(after.expiresAt(), after);
      }
      assertThat(change.wakeBefore()).as(what).isEqualTo(wake);
      wake = change.wakeAfter();
      assertThat(change.purged() == 0).as(what).isEqualTo(wake != null);
    }

    void requireAgrees(EntryState state, String what) {
      assertThat(wake == null).as(what).isEqualTo(state.wakeAtMillis() == 0);
      if (wake != null) {
        assertThat(wake.toEpochMilli()).as(what).isLessThanOrEqualTo(state.wakeAtMillis());
      }
      LedgerRow row = rows.isEmpty() ? null : rows.values().iterator().next();
      assertThat(state.account(Scene.ID)).as(what).isEqualTo(new Account(row, wake));
      if (state instanceof EntryState.Standing standing) {
        Life life = standing.life();
        assertThat(rows.values())
            .as(what)
            .containsExactly(
                new LedgerRow(
                    Scene.ID,
                    life.version(),
                    Instant.ofEpochMilli(life.validFromMillis()),
                    life.expiresAt()));
      } else {
        assertThat(rows).as(what).isEmpty();
      }
    }
  }
}
