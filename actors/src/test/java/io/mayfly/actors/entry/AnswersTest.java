package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AnswersTest {
  private static final int WINDOW = 300;
  private static final int COUNT = 40;
  private static final long BYTES = 60;

  /** Two of the keys have the same hash. */
  private static final List<String> COLLIDING = List.of("Aa", "BB");

  static LongStream seeds() {
    Long seed = Long.getLong("mayfly.seed");
    return seed == null ? LongStream.range(0, 50) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void answers_overRandomOnes_areWhatAPlainListWouldBe(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Answer> model = new ArrayList<>();
    Answers answers = Answers.NONE;

    for (long at = 0; at < 3_000; at += random.nextInt(12)) {
      Answer newest = answer(random, at);
      int count = random.nextInt(20) == 0 ? 1 + random.nextInt(COUNT) : COUNT;
      long since = at + 1 - random.nextInt(2 * WINDOW);
      Answers before = answers;
      answers = answers.with(newest, WINDOW, count, since, BYTES);
      long oldest = at - WINDOW;
      model.removeIf(one -> one.key().equals(newest.key()) || one.atMillis() <= oldest);
      model.add(newest);
      while (model.size() > count && model.get(0).atMillis() < since) {
        model.remove(0);
      }
      model = bounded(model);

      assertThat(answers.all()).isEqualTo(model);
      assertThat(before.forgottenMillis(answers)).isGreaterThanOrEqualTo(lost(before, answers));
      assertThat(Answers.of(answers.all())).isEqualTo(answers).hasSameHashCodeAs(answers);
      for (Answer one : model) {
        assertThat(answers.after(at - 30, one.key()))
            .isEqualTo(at - 30 < one.atMillis() ? one : null);
      }
      assertThat(answers.after(Long.MIN_VALUE, "never")).isNull();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void answers_othersGrewOutOfThem_stayWhatTheyWere(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Answers> grown = new ArrayList<>(List.of(Answers.NONE));
    List<List<Answer>> before = new ArrayList<>(List.of(List.of()));

    for (int at = 0; at < 400; at++) {
      Answers any = grown.get(Math.max(0, grown.size() - 1 - random.nextInt(4)));
      grown.add(any.with(answer(random, at), 1_000, COUNT, at - random.nextInt(60), BYTES));
      before.add(grown.get(grown.size() - 1).all());
    }

    assertThat(grown.stream().map(Answers::all).toList()).isEqualTo(before);
    assertThat(before.get(before.size() - 1)).isNotEmpty();
  }

  /** The instant of the newest of some that others have neither kept nor replaced. */
  private static long lost(Answers before, Answers after) {
    return before.all().stream()
        .filter(answer -> after.after(Long.MIN_VALUE, answer.key()) == null)
        .mapToLong(Answer::atMillis)
        .max()
        .orElse(0);
  }

  private static Answer answer(SplittableRandom random, long at) {
    String key =
        switch (random.nextInt(8)) {
          case 0 -> COLLIDING.get(random.nextInt(2));
          case 1 -> "k".repeat(1 + random.nextInt(128));
          default -> "key-" + random.nextInt(1_000);
        };
    Receipt receipt =
        new Receipt(
            new Version(random.nextLong(1L << 53), random.nextLong(1L << 53)),
            Instant.ofEpochMilli(random.nextLong(1L << 45)),
            Instant.ofEpochMilli(at),
            Instant.ofEpochMilli(random.nextLong(1L << 45)),
            any(random, Durability.values()),
            any(random, Outcome.values()),
            random.nextInt(8) == 0 ? new VersionVector(Map.of("p", at + 1)) : null);
    return new Answer(key, "f".repeat(random.nextInt(30)), at, receipt, value(random));
  }

  private static <T> T any(SplittableRandom random, T[] all) {
    return all[random.nextInt(all.length)];
  }

  private static @Nullable Value value(SplittableRandom random) {
    return random.nextInt(4) == 0 ? Json.value("\"" + "v".repeat(random.nextInt(20)) + "\"") : null;
  }

  private static List<Answer> bounded(List<Answer> answers) {
    List<Answer> kept = new ArrayList<>(answers);
    for (int i = 0; kept.stream().mapToLong(Answer::size).sum() > BYTES; i++) {
      kept.set(i, kept.get(i).withoutValue());
    }
    return kept;
  }
}
