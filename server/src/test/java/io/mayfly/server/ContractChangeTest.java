package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changing a contract while its entries live, on the real server. */
final class ContractChangeTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String namespace() {
    return "change-" + NUMBER.incrementAndGet();
  }

  private static String contract(String namespace) {
    return "/v1/contracts/" + namespace;
  }

  private static String entry(String namespace, String key) {
    return "/v1/state/" + namespace + '/' + key;
  }

  private static String quoted(String document) {
    return document.replace('\'', '"');
  }

  @ParameterizedTest(name = "{1} after {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {'durability':'volatile'} | durability",
        "{'durability':'volatile'} | {} | durability",
        "{'durability':'volatile'} | {'durability':'synced'} | durability",
        "{} | {'reconciliation':{'method':'max'}} | reconciliation.method",
        "{} | {'reconciliation':{'ordering':'sequence'}} | reconciliation.ordering",
        "{} | {'limits':{'valueBytes':4}} | limits.valueBytes",
        "{} | {'schema':{'type':'string'}} | schema",
        "{} | {'durability':'volatile','schema':{'type':'string'}} | durability schema",
      })
  void changeThatLiveEntriesStandAgainst_isRefusedUnlessForced(
      String before, String after, String rules) {
    String namespace = namespace();
    node.put(contract(namespace), quoted(before)).is(201);
    node.put(entry(namespace, "one"), "[1,2,3,4]").is(201);

    Answer refused =
        node.put(contract(namespace), quoted(after)).isProblem(409, "incompatible-contract");

    assertThat(String.join(" ", refused.each("errors", "rule"))).isEqualTo(rules);
    assertThat(refused.each("errors", "detail").get(0)).endsWith(": 1 (one).");
    assertThat(refused.json().path("etag").asText()).isEqualTo("\"1\"");
    assertThat(node.get(contract(namespace)).header("ETag")).isEqualTo("\"1\"");
    assertThat(node.get(entry(namespace, "one")).is(200).text()).isEqualTo("[1,2,3,4]");
    assertThat(node.put(contract(namespace) + "?force=true", quoted(after)).is(200).header("ETag"))
        .isEqualTo("\"2\"");
  }

  @ParameterizedTest(name = "{1} after {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {'durability':'synced'}",
        "{'durability':'synced'} | {'durability':'journaled'}",
        "{} | {'limits':{'valueBytes':5}}",
        "{} | {'schema':{'type':'array','items':{'type':'integer'}}}",
        "{'schema':{'type':'array'}} | {}",
        "{} | {'lifetime':{'max':'20m'},'mutation':{'transitions':{'patch':'off'}}}",
        "{} | {'history':{'revisions':1},'limits':{'keys':1},'privacy':'secret'}",
      })
  void changeThatNoLiveEntryStandsAgainst_isMade(String before, String after) {
    String namespace = namespace();
    node.put(contract(namespace), quoted(before)).is(201);
    node.put(entry(namespace, "one"), "[1,2,3]").is(201);

    node.put(contract(namespace), quoted(after)).is(200);

    assertThat(node.get(entry(namespace, "one")).is(200).text()).isEqualTo("[1,2,3]");
  }

  @Test
  void firstContract_isComparedWithTheDefaultOne() {
    String namespace = namespace();
    node.put(entry(namespace, "one"), "1").is(201);

    node.put(contract(namespace), "{\"durability\":\"volatile\"}")
        .isProblem(409, "incompatible-contract");
    node.delete(entry(namespace, "one")).is(200);

    node.put(contract(namespace), "{\"durability\":\"volatile\"}").is(201);
    assertThat(node.put(entry(namespace, "two"), "1").is(201).header("Mayfly-Durability"))
        .isEqualTo("volatile");
  }

  @Test
  void confidentialKeysAndValues_areNotTold() {
    String namespace = namespace();
    node.put(entry(namespace, "alice"), "\"s3cret\"").is(201);

    Answer refused =
        node.put(contract(namespace), "{\"privacy\":\"personal\",\"schema\":{\"type\":\"object\"}}")
            .isProblem(409, "incompatible-contract");

    assertThat(refused.text()).doesNotContain("alice").doesNotContain("s3cret");
  }

  @Test
  void manyEntries_areAllLookedAt() {
    String namespace = namespace();
    for (int i = 0; i < 200; i++) {
      node.put(entry(namespace, "key-" + (1_000 + i)), i == 199 ? "\"text\"" : "1").is(201);
    }

    Answer refused =
        node.put(contract(namespace), "{\"schema\":{\"type\":\"integer\"}}")
            .isProblem(409, "incompatible-contract");

    assertThat(refused.each("errors", "detail").get(0))
        .isEqualTo("Live entries that break the schema: 1 (key-1199).");
  }

  @Test
  void withdrawalWithLiveEntries_endsThemUnderForce() {
    String namespace = namespace();
    node.put(contract(namespace), "{\"owner\":\"a\"}").is(201);
    for (int i = 0; i < 150; i++) {
      node.put(entry(namespace, "k" + i), "1").is(201);
    }
    String later =
        node.get(entry(namespace, "k0") + "?view=entry").json().path("expiresAt").asText();
    node.put(entry(namespace, "pending") + "?not-before=" + later, "1").is(201);

    Answer refused = node.delete(contract(namespace)).isProblem(409, "incompatible-contract");
    node.delete(contract(namespace) + "?force=true").is(204);

    assertThat(refused.each("errors", "rule")).containsExactly("namespace");
    assertThat(refused.each("errors", "detail").get(0)).contains(": more than 10 (k0, k1, k10");
    node.get(contract(namespace)).isProblem(404, "unknown-contract");
    for (String key : List.of("k0", "k77", "k149", "pending")) {
      Answer ended = node.get(entry(namespace, key)).isProblem(410, "key-ended");
      assertThat(ended.json().path("reason").asText()).isEqualTo("superseded");
    }
    assertThat(node.get("/v1/state/" + namespace).json().path("entries")).isEmpty();
    node.put(entry(namespace, "k0"), "2").is(201);
  }

  @Test
  void forcedMove_leavesNothingBehind() {
    String namespace = namespace();
    node.put(entry(namespace, "one"), "1").is(201);

    node.put(contract(namespace) + "?force=true", "{\"durability\":\"volatile\"}").is(201);

    node.get(entry(namespace, "one")).isProblem(404, "unknown-key");
    node.delete(contract(namespace) + "?force=true").is(204);
    assertThat(
            node.get(entry(namespace, "one"))
                .isProblem(410, "key-ended")
                .json()
                .path("reason")
                .asText())
        .isEqualTo("superseded");
  }

  @Test
  void newContract_isInForceWhenItIsAnswered() {
    String namespace = namespace();
    for (int i = 1; i <= 20; i++) {
      node.put(contract(namespace), "{\"lifetime\":{\"default\":\"" + i + "m\"}}");

      Answer created = node.put(entry(namespace, "k" + i), "1").is(201);

      assertThat(created.instant("expiresAt"))
          .isEqualTo(created.instant("createdAt").plusSeconds(60L * i));
    }
  }

  @Test
  void changeUnderLoad_losesNoRequest() throws Exception {
    String namespace = namespace();
    node.put(contract(namespace), "{\"lifetime\":{\"default\":\"1m\"}}").is(201);
    AtomicBoolean going = new AtomicBoolean(true);
    AtomicInteger latest = new AtomicInteger(1);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        int writer = w;
        writers.add(pool.submit(() -> write(namespace, writer, going, latest)));
      }
      for (int minutes = 2; minutes <= 30; minutes++) {
        node.put(contract(namespace), "{\"lifetime\":{\"default\":\"" + minutes + "m\"}}").is(200);
        latest.set(minutes);
      }
      going.set(false);

      for (Future<Integer> writer : writers) {
        assertThat(writer.get()).isPositive();
      }
    } finally {
      going.set(false);
      pool.shutdownNow();
    }
  }

  /** Every answer follows a contract that was in force between its request and itself. */
  private static int write(
      String namespace, int writer, AtomicBoolean going, AtomicInteger latest) {
    int written = 0;
    while (going.get()) {
      int before = latest.get();
      Answer created = node.put(entry(namespace, "w" + writer + '-' + written), "1").is(201);
      long minutes =
          Duration.between(created.instant("createdAt"), created.instant("expiresAt")).toMinutes();
      assertThat(minutes).isBetween((long) before, latest.get() + 1L);
      written++;
    }
    return written;
  }
}
