package io.mayfly.actors.recent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RecentTest {
  private static final int WINDOW = 20;
  private static final int COUNT = 5;

  /** Two of the names have the same hash. */
  private static final List<String> NAMES = List.of("Aa", "BB", "c", "d", "e", "f", "g", "h");

  record Thing(String name, long atMillis) implements Remembered {}

  static LongStream seeds() {
    Long seed = Long.getLong("mayfly.seed");
    return seed == null ? LongStream.range(0, 50) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void recent_overRandomThings_isWhatAPlainListWouldBe(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Thing> model = new ArrayList<>();
    Recent<Thing> recent = Recent.none();

    for (long at = 0; at < 300; at += random.nextInt(12)) {
      Thing newest = new Thing(NAMES.get(random.nextInt(NAMES.size())), at);
      long since = at + 1 - random.nextInt(60);
      Recent<Thing> before = recent;
      recent = recent.with(newest, WINDOW, COUNT, since);
      long oldest = at - WINDOW;
      model.removeIf(thing -> thing.name().equals(newest.name()) || thing.atMillis() <= oldest);
      model.add(newest);
      while (model.size() > COUNT && model.get(0).atMillis() < since) {
        model.remove(0);
      }

      assertThat(recent.all()).isEqualTo(model);
      assertThat(before.forgottenMillis(recent)).isGreaterThanOrEqualTo(lost(before, recent));
      for (String name : NAMES) {
        assertThat(recent.after(at - 3, name)).isEqualTo(found(model, at - 3, name));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void recent_othersGrewOutOfIt_staysWhatItWas(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Recent<Thing>> grown = new ArrayList<>(List.of(Recent.none()));
    List<List<Thing>> before = new ArrayList<>(List.of(List.of()));

    for (int at = 0; at < 200; at++) {
      Recent<Thing> any = grown.get(Math.max(0, grown.size() - 1 - random.nextInt(4)));
      String name = random.nextInt(4) == 0 ? NAMES.get(random.nextInt(NAMES.size())) : "n" + at;
      grown.add(any.with(new Thing(name, at), 1_000, COUNT, at - random.nextInt(20)));
      before.add(grown.get(grown.size() - 1).all());
    }

    assertThat(grown.stream().map(Recent::all).toList()).isEqualTo(before);
    assertThat(before.get(before.size() - 1)).isNotEmpty();
  }

  /** The instant of the newest of some that others have neither kept nor replaced. */
  private static long lost(Recent<Thing> before, Recent<Thing> after) {
    return before.all().stream()
        .filter(thing -> found(after.all(), Long.MIN_VALUE, thing.name()) == null)
        .mapToLong(Thing::atMillis)
        .max()
        .orElse(0);
  }

  private static @Nullable Thing found(List<Thing> model, long after, String name) {
    return model.stream()
        .filter(thing -> thing.name().equals(name) && thing.atMillis() > after)
        .findFirst()
        .orElse(null);
  }
}
