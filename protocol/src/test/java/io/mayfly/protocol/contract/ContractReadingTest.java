package io.mayfly.protocol.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Idempotency;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Contract.Mutation;
import io.mayfly.protocol.contract.Contract.Reconciliation;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContractReadingTest {
  /** Every member that can be told in one text, with a value that is not the standard one. */
  private static final String GOOD =
      """
      /lifetime/default=20m /lifetime/min=1ms /lifetime/max=365250d /lifetime/renewal=sliding
      /lifetime/total=PT20M /lifetime/tombstone=0s /durability=synced
      /mutation/precondition=required /mutation/fence=required
      /mutation/transitions/create=off /mutation/transitions/replace=shadow
      /mutation/transitions/patch=off /mutation/transitions/increment=off
      /mutation/transitions/touch=off /mutation/transitions/delete=shadow
      /mutation/transitions/rollback=off
      /reconciliation/ordering=sequence /reconciliation/gaps=reject /reconciliation/method=max
      /idempotency/window=1ms /idempotency/keys=1024 /history/revisions=1000
      /limits/valueBytes=1048576 /limits/keys=9007199254740991 /limits/queuePerKey=65536
      /limits/inFlight=1048576 /limits/ratePerSecond=1000000000 /privacy=secret
      """;

  private static final Value SCHEMA = new Value(new byte[] {(byte) 0xA0});

  private static ContractReading.Result<ContractDocument> read(Map<String, ?> tree) {
    return ContractReading.document(tree, "ns", Contract.STANDARD);
  }

  private static Map<String, Object> tree(String pointer, Object value) {
    Map<String, Object> root = new LinkedHashMap<>();
    put(root, pointer.substring(1).split("/", -1), 0, value);
    return root;
  }

  private static void put(Map<String, Object> at, String[] path, int depth, Object value) {
    if (depth == path.length - 1) {
      at.put(path[depth], value);
    } else {
      Map<String, Object> inner = new LinkedHashMap<>();
      at.put(path[depth], inner);
      put(inner, path, depth + 1, value);
    }
  }

  private static Object typed(String text) {
    return text.matches("-?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
  }

  private static @Nullable Object at(Object tree, String pointer) {
    Object at = tree;
    for (String token : pointer.substring(1).split("/", -1)) {
      at = at instanceof Map<?, ?> map ? map.get(token) : null;
    }
    return at;
  }

  @Test
  void emptyDocument_isTheStandard() {
    ContractReading.Result<ContractDocument> result = read(Map.of());

    assertThat(result.valid()).isTrue();
    assertThat(result.read()).isEqualTo(new ContractDocument("ns", 0, "", "", Contract.STANDARD));
  }

  @Test
  void everyMember_isReadAndLeavesTheOthers() {
    Map<String, Object> standard = ContractWriting.rules(Contract.STANDARD);
    for (String pair : GOOD.strip().split("\\s+", -1)) {
      String pointer = pair.substring(0, pair.indexOf('='));
      String text = pair.substring(pair.indexOf('=') + 1);

      ContractReading.Result<ContractDocument> result = read(tree(pointer, typed(text)));

      Map<String, Object> written = ContractWriting.rules(result.read().contract());
      assertThat(result.violations()).as(pair).isEmpty();
      assertThat(at(written, pointer)).as(pair).isNotEqualTo(at(standard, pointer));
      assertThat(differences(written, standard, "")).as(pair).containsExactly(pointer);
    }
  }

  @Test
  void everyMember_refusesWhatItIsNot() {
    for (String pair : GOOD.strip().split("\\s+", -1)) {
      String pointer = pair.substring(0, pair.indexOf('='));
      for (Object wrong : List.of("?", -1L, true, List.of(), Map.of("a", 1L), 1.5)) {
        List<Violation> violations = read(tree(pointer, wrong)).violations();

        assertThat(violations).as("%s = %s", pointer, wrong).isNotEmpty();
        assertThat(violations.get(0).pointer()).isEqualTo(pointer);
        assertThat(violations.get(0).rule()).isEqualTo(pointer.substring(1).replace('/', '.'));
      }
    }
  }

  private static List<String> differences(Object left, @Nullable Object right, String pointer) {
    if (!(left instanceof Map<?, ?> map) || !(right instanceof Map<?, ?> other)) {
      return left.equals(right) ? List.of() : List.of(pointer);
    }
    List<String> differences = new ArrayList<>();
    map.forEach(
        (name, value) ->
            differences.addAll(differences(value, other.get(name), pointer + '/' + name)));
    return differences;
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "/lifetime/default, 0s",
    "/lifetime/default, 1h30m",
    "/lifetime/default, 8d",
    "/lifetime/default, 9ms",
    "/lifetime/min, 16m",
    "/lifetime/max, 14m",
    "/lifetime/max, 365251d",
    "/lifetime/total, 14m",
    "/lifetime/tombstone, -1s",
    "/idempotency/window, 0s",
    "/idempotency/keys, 0",
    "/idempotency/keys, 1025",
    "/history/revisions, 0",
    "/history/revisions, 1001",
    "/limits/valueBytes, 0",
    "/limits/valueBytes, 1048577",
    "/limits/keys, -1",
    "/limits/keys, 9007199254740992",
    "/limits/queuePerKey, 0",
    "/limits/queuePerKey, 65537",
    "/limits/inFlight, 0",
    "/limits/inFlight, 1048577",
    "/limits/ratePerSecond, 1000000001",
    "/reconciliation/ordering, lamport",
    "/mutation/writers, cart",
    "/namespace, other",
    "/schema, text",
  })
  void valueOutOfBounds_isRefused(String pointer, String text) {
    assertThat(read(tree(pointer, typed(text))).violations()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/colour", "/lifetime/colour", "/limits/a~1b", "/mutation/transitions/colour"})
  void unknownMember_isRefused(String pointer) {
    String name = pointer.replace("~1", "|");

    List<Violation> violations = read(replaced(tree(name, 1L))).violations();

    assertThat(violations).singleElement().extracting(Violation::pointer).isEqualTo(pointer);
    assertThat(violations).singleElement().extracting(Violation::rule).isEqualTo("unknown-member");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> replaced(Map<String, Object> tree) {
    Map<String, Object> renamed = new LinkedHashMap<>();
    tree.forEach(
        (name, value) ->
            renamed.put(
                name.replace('|', '/'),
                value instanceof Map<?, ?> map ? replaced((Map<String, Object>) map) : value));
    return renamed;
  }

  @Test
  void writers_areDistinctVisibleNames() {
    assertThat(read(tree("/mutation/writers", List.of("a", "b"))).read().contract().mutation())
        .extracting(Mutation::writers)
        .isEqualTo(Set.of("a", "b"));
    for (Object wrong : List.of("a a", "", "ä", "x".repeat(129), 7L)) {
      assertThat(read(tree("/mutation/writers", List.of("ok", wrong))).violations())
          .singleElement()
          .extracting(Violation::pointer)
          .isEqualTo("/mutation/writers/1");
    }
    assertThat(read(tree("/mutation/writers", List.of("a", "a"))).valid()).isFalse();
  }

  @Test
  void texts_areBounded() {
    assertThat(read(tree("/owner", "x".repeat(128))).valid()).isTrue();
    assertThat(read(tree("/owner", "x".repeat(129))).valid()).isFalse();
    assertThat(read(tree("/description", "x".repeat(2_048))).valid()).isTrue();
    assertThat(read(tree("/description", "x".repeat(2_049))).valid()).isFalse();
    assertThat(read(tree("/description", "\ud800")).valid()).isFalse();
  }

  @Test
  void schema_isAnObjectOrABoolean() {
    assertThat(read(tree("/schema", SCHEMA)).read().contract().schema()).isEqualTo(SCHEMA);
    assertThat(read(tree("/schema", new Value(new byte[] {(byte) 0xF5}))).valid()).isTrue();
    assertThat(read(tree("/schema", new Value(new byte[] {(byte) 0xF6}))).valid()).isFalse();
    byte[] large = new byte[65_537];
    large[0] = (byte) 0xBF;
    assertThat(read(tree("/schema", new Value(large))).valid()).isFalse();
  }

  @Test
  void version_isIgnored() {
    assertThat(read(tree("/version", 7L)).valid()).isTrue();
    assertThat(read(tree("/version", "x")).read().version()).isZero();
  }

  @Test
  void documentThatWasWritten_isReadBack() {
    long seed = Long.getLong("mayfly.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      ContractDocument document = new ContractDocument("ns", 0, "o" + i, "d" + i, contract(random));

      ContractReading.Result<ContractDocument> result =
          read(ContractWriting.document(document.withVersion(i + 1)));

      assertThat(result.violations()).as("mayfly.seed=%s", seed).isEmpty();
      assertThat(result.read()).as("mayfly.seed=%s", seed).isEqualTo(document);
    }
  }

  private static Contract contract(Random random) {
    long min = 1L + random.nextInt(5_000);
    long standard = min + random.nextInt(5_000_000);
    Lifetime lifetime =
        new Lifetime(
            Duration.ofMillis(standard),
            Duration.ofMillis(min),
            Duration.ofMillis(standard + random.nextInt(1_000_000_000)),
            any(random, Renewal.values()),
            Duration.ofSeconds(standard / 1_000 + 1 + random.nextInt(1_000_000)),
            Duration.ofMinutes(random.nextInt(1_000)));
    Map<Transition, Flag> flags = new EnumMap<>(Transition.class);
    for (Transition transition : Transition.values()) {
      flags.put(transition, any(random, Flag.values()));
    }
    Set<String> writers = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      writers.add("writer-" + random.nextInt(9));
    }
    return new Contract(
        lifetime,
        any(random, Durability.values()),
        new Mutation(writers, random.nextBoolean(), random.nextBoolean(), Map.copyOf(flags)),
        new Reconciliation(
            any(random, Ordering.values()),
            any(random, Gaps.values()),
            any(random, Method.values())),
        new Idempotency(
            Duration.ofMillis(1 + random.nextInt(1_000_000)), 1 + random.nextInt(1_024)),
        new History(1 + random.nextInt(1_000)),
        new Limits(
            1 + random.nextInt(1 << 20),
            random.nextInt(1_000_000),
            1 + random.nextInt(65_536),
            1 + random.nextInt(1_048_576),
            random.nextInt(1_000_000_000)),
        any(random, Privacy.values()),
        random.nextBoolean() ? SCHEMA : null);
  }

  private static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
