package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Reconciliation;
import io.mayfly.protocol.contract.Gaps;
import io.mayfly.protocol.contract.Method;
import io.mayfly.protocol.contract.Ordering;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.EntryReply.Found;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same updates, in any order and with any repetition, end in the same value and vector. */
final class ConvergenceTest {
  private static final int SETS = 2_500;

  private record Written(String producer, VersionVector vector, long writtenAt, String json) {
    EntryCommand.Put command() {
      Stamp stamp = Stamp.vector(vector, Instant.ofEpochMilli(writtenAt));
      return new EntryCommand.Put(
          Json.value(json),
          null,
          Terms.NONE
              .with(new Lifespan(null, Scene.NOW.plusSeconds(600)))
              .with(new Origin(producer, null, null))
              .with(stamp));
    }
  }

  @ParameterizedTest
  @EnumSource(names = "REJECT", mode = EnumSource.Mode.EXCLUDE)
  void updates_inAnyOrderAndRepeated_endInTheSameBytes(Method method) {
    long seed = Long.getLong("mayfly.seed", new Random().nextLong());
    System.out.println("ConvergenceTest " + method.text() + ": mayfly.seed=" + seed);
    Random random = new Random(seed);
    for (int set = 0; set < SETS; set++) {
      List<Written> updates = updates(random, method);
      String expected = naive(updates, method);
      for (int order = 0; order < 3; order++) {
        List<Written> arrivals = new ArrayList<>(updates);
        arrivals.addAll(updates.subList(0, random.nextInt(updates.size() + 1)));
        Collections.shuffle(arrivals, random);

        String ended = applied(arrivals, method);

        assertThat(ended).as("set %s of seed %s: %s", set, seed, arrivals).isEqualTo(expected);
      }
    }
  }

  /** What up to five producers write who see some of what the others wrote. */
  private static List<Written> updates(Random random, Method method) {
    int producers = 1 + random.nextInt(5);
    List<Map<String, Long>> seen = new ArrayList<>();
    for (int i = 0; i < producers; i++) {
      seen.add(new TreeMap<>());
    }
    List<Written> updates = new ArrayList<>();
    int count = 1 + random.nextInt(10);
    for (int i = 0; i < count; i++) {
      int p = random.nextInt(producers);
      String producer = "p" + p;
      if (random.nextInt(3) == 0) {
        seen.get(random.nextInt(producers)).forEach((q, n) -> seen.get(p).merge(q, n, Math::max));
      }
      seen.get(p).merge(producer, 1L, Long::sum);
      updates.add(
          new Written(
              producer,
              new VersionVector(new HashMap<>(seen.get(p))),
              1_000 + random.nextInt(4),
              json(random, method)));
    }
    return updates;
  }

  private static String json(Random random, Method method) {
    if (Merging.ofNumbers(method)) {
      return random.nextInt(3) == 0
          ? Double.toString(random.nextInt(100) / 8.0)
          : Integer.toString(random.nextInt(100));
    }
    return switch (random.nextInt(4)) {
      case 0 -> "{\"a\":[" + random.nextInt(3) + ",\"x\"],\"b\":{\"c\":" + random.nextInt(3) + "}}";
      case 1 -> "{\"b\":{\"d\":null},\"a\":[" + random.nextInt(3) + "]}";
      case 2 -> "[1," + random.nextInt(3) + "]";
      default -> "\"s" + random.nextInt(3) + "\"";
    };
  }

  private static String applied(List<Written> arrivals, Method method) {
    Scene scene = new Scene(contract(method));
    for (Written update : arrivals) {
      EntryReply reply = scene.send(update.command());
      assertThat(reply).isInstanceOf(Accepted.class);
    }
    Found found = (Found) scene.send(EntryCommand.Read.CURRENT);
    return shown(found.view().value(), found.view().versionVector());
  }

  /** The method over the maximal updates, found by comparing each with each. */
  private static String naive(List<Written> updates, Method method) {
    List<Written> maximal =
        updates.stream()
            .filter(
                u -> updates.stream().noneMatch(o -> !o.equals(u) && o.vector().covers(u.vector())))
            .sorted(
                Comparator.comparingLong(Written::writtenAt)
                    .thenComparing(Written::producer)
                    .thenComparing(w -> w.vector().text()))
            .toList();
    VersionVector join =
        updates.stream().map(Written::vector).reduce(VersionVector.EMPTY, VersionVector::join);
    Value value = Json.value(maximal.get(0).json());
    for (Written next : maximal.subList(1, maximal.size())) {
      value = two(value, Json.value(next.json()), method);
    }
    return shown(value, join);
  }

  private static Value two(Value left, Value right, Method method) {
    return switch (method) {
      case SUM -> Numbers.add(left, right).value();
      case MAX -> Numbers.compare(left, right) >= 0 ? left : right;
      case MIN -> Numbers.compare(left, right) <= 0 ? left : right;
      case LAST_WRITER_WINS -> right;
      case MERGE ->
          Merging.of(List.of(update("a", 1, left)), update("b", 2, right), Method.MERGE).value();
      case REJECT -> throw new IllegalArgumentException();
    };
  }

  private static Memory.Update update(String producer, long writtenAt, Value value) {
    return new Memory.Update(producer, new VersionVector(Map.of(producer, 1L)), writtenAt, value);
  }

  private static String shown(Value value, @Nullable VersionVector vector) {
    return HexFormat.of().formatHex(value.cbor()) + ' ' + vector;
  }

  private static Contract contract(Method method) {
    return Scene.CONTRACT.with(new Reconciliation(Ordering.VERSION_VECTOR, Gaps.ACCEPT, method));
  }

  @ParameterizedTest
  @EnumSource(names = "REJECT", mode = EnumSource.Mode.EXCLUDE)
  void updates_beyondSixteenConcurrent_areRefused(Method method) {
    Scene scene = new Scene(contract(method));
    for (int i = 0; i < Order.UPDATES_MAX; i++) {
      EntryReply reply = scene.send(concurrent(i).command());
      assertThat(((Accepted) reply).receipt().outcome())
          .isEqualTo(i == 0 ? Outcome.CREATED : Outcome.MERGED);
    }

    assertThat(Described.reply(scene.send(concurrent(99).command())))
        .startsWith("TOO_MANY_CONCURRENT_UPDATES");
  }

  private static Written concurrent(int i) {
    return new Written("p" + i, new VersionVector(Map.of("p" + i, 1L)), 1_000, "1");
  }
}
