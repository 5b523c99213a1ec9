package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.patch.Json;
import io.mayfly.actors.wire.WireSerializer;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Idempotency;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Interleavings of writes, rollbacks and retries of either on one key, across snapshots, against a
 * list of values and a list of answers. {@code -Dmayfly.seed=N} runs one of them again.
 */
final class RollbackModelTest {
  private static final int INTERLEAVINGS = 10_000;
  private static final int STEPS = 24;
  private static final int KEPT = 6;
  private static final int KEYS = 4;
  private static final int WINDOW_SECONDS = 30;

  /** Longer than an interleaving. */
  private static final int LASTING_SECONDS = 3_600;

  private static final Contract CONTRACT =
      Scene.CONTRACT
          .with(new History(KEPT))
          .with(new Idempotency(Duration.ofSeconds(WINDOW_SECONDS), KEYS));

  private static final ActorTestKit KIT = ActorTestKit.create("rollback");
  private static final WireSerializer WIRE =
      new WireSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));

  private int rollbacks;
  private int notKept;
  private int replays;
  private int mismatches;
  private int snapshots;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** What a client asks for: a write of a number, or the number of an older revision. */
  private record Request(@Nullable String key, boolean rollsBack, long number) {
    EntryCommand command() {
      Terms lasting = rollsBack ? Terms.NONE : Scene.ttl(LASTING_SECONDS);
      Terms terms =
          key == null ? lasting : lasting.with(new RetryKey(key, rollsBack + " " + number, true));
      return rollsBack
          ? new EntryCommand.Rollback(number, terms)
          : Scene.put(Long.toString(number), terms);
    }
  }

  @Test
  void interleavings_ofWritesRollbacksAndRetries_agreeWithTheModel() {
    Long one = Long.getLong("mayfly.seed");
    long first = one == null ? new Random().nextLong() : one;
    int count = one == null ? INTERLEAVINGS : 1;
    System.out.println(
        "RollbackModelTest: mayfly.seed=" + first + " and the " + count + " from it");

    for (int i = 0; i < count; i++) {
      interleave(first + i);
    }

    System.out.printf(
        "RollbackModelTest: %d rollbacks, %d of revisions not kept, %d replays, %d mismatches,"
            + " %d snapshots, 0 differences%n",
        rollbacks, notKept, replays, mismatches, snapshots);
    if (one == null) {
      assertThat(List.of(rollbacks, notKept, replays, mismatches, snapshots))
          .allMatch(times -> times > INTERLEAVINGS);
    }
  }

  private void interleave(long seed) {
    Random random = new Random(seed);
    Scene scene = new Scene(CONTRACT);
    Model model = new Model();
    List<Request> sent = new ArrayList<>();
    double now = 0;
    for (int step = 0; step < STEPS; step++) {
      now += random.nextInt(6);
      if (random.nextInt(5) == 0) {
        snapshots++;
        scene.state = roundTripped(scene.state);
      }
      Request request = request(random, sent, model.revision());
      sent.add(request);

      String answer = told(scene.at(now).send(request.command()));

      assertThat(answer)
          .as("-Dmayfly.seed=" + seed + " step " + step + ' ' + request)
          .isEqualTo(model.answer(request, now));
      count(answer, request);
    }
  }

  private static Request request(Random random, List<Request> sent, long revision) {
    int kind = random.nextInt(10);
    if (kind < 3 && !sent.isEmpty()) {
      return sent.get(sent.size() - 1 - random.nextInt(Math.min(8, sent.size())));
    }
    String key = random.nextInt(3) == 0 ? null : "k" + random.nextInt(12);
    return kind < 7
        ? new Request(key, true, 1 + random.nextInt((int) revision + 2))
        : new Request(key, false, random.nextInt(1_000));
  }

  private void count(String answer, Request request) {
    rollbacks += answer.startsWith("rolled-back") ? 1 : 0;
    notKept += request.rollsBack() && answer.equals("REVISION_NOT_KEPT") ? 1 : 0;
    replays += answer.startsWith("again") ? 1 : 0;
    mismatches += answer.equals("IDEMPOTENCY_MISMATCH") ? 1 : 0;
  }

  private static String told(EntryReply reply) {
    if (reply instanceof Accepted accepted) {
      return (accepted.replayed() ? "again " : "")
          + accepted.receipt().outcome().text()
          + ' '
          + accepted.receipt().version().revision()
          + " = "
          + (accepted.value() == null ? "nothing" : Json.text(accepted.value()));
    }
    return ((Refusal) reply).reason().name();
  }

  private static EntryState roundTripped(EntryState state) {
    try {
      return (EntryState) WIRE.fromBinary(WIRE.toBinary(state), WIRE.manifest(state));
    } catch (NotSerializableException e) {
      throw new AssertionError(e);
    }
  }

  /** The values by revision, and the newest answers under a key. */
  private static final class Model {
    private record Given(Request request, double at, String text) {}

    private final List<Long> values = new ArrayList<>();
    private final List<Given> given = new ArrayList<>();

    long revision() {
      return values.size();
    }

    String answer(Request request, double now) {
      for (Given before : given) {
        if (Objects.equals(before.request().key(), request.key())
            && now - before.at() < WINDOW_SECONDS) {
          return before.request().equals(request)
              ? "again " + before.text()
              : "IDEMPOTENCY_MISMATCH";
        }
      }
      String outcome = values.isEmpty() ? "created" : "replaced";
      long value = request.number();
      if (request.rollsBack()) {
        boolean kept = value <= revision() && value > revision() - KEPT;
        if (values.isEmpty() || !kept) {
          return values.isEmpty() ? "UNKNOWN_KEY" : "REVISION_NOT_KEPT";
        }
        outcome = "rolled-back";
        value = values.get((int) value - 1);
      }
      values.add(value);
      String text = outcome + ' ' + values.size() + " = " + value;
      if (request.key() != null) {
        given.removeIf(old -> Objects.equals(old.request().key(), request.key()));
        given.add(new Given(request, now, text));
        given.removeIf(old -> now - old.at() >= WINDOW_SECONDS);
        while (given.size() > KEYS && given.get(0).at() < now) {
          given.remove(0);
        }
      }
      return text;
    }
  }
}
