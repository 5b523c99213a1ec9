package io.mayfly.benchmarks.throughput;

import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.BareServer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;

/**
 * What is asked of a server, over and over. The longer PUT has the bytes of the guarded one under
 * names that mean nothing, so that the two tell what the rules cost and what the longer request.
 */
enum Scenario {
  BARE("bare Pekko HTTP", "none"),
  GET("GET", "journaled"),
  PUT_VOLATILE("PUT volatile", "volatile"),
  PUT_JOURNALED("PUT journaled", "journaled"),
  PUT_LONGER("PUT journaled, idle headers", "journaled"),
  PUT_GUARDED("PUT journaled, all rules", "journaled"),
  PUT_SYNCED("PUT synced", "synced"),
  CREATE_JOURNALED("create journaled", "journaled");

  /** Keys that GET and PUT choose from at random. */
  static final int KEYS = 10_000;

  private static final String ENTRY = "/v1/state/bench/cart-{key}";

  /** New keys of one repetition stay below this, so that each begins with keys of its own. */
  private static final long CREATIONS_MAX = 100_000_000;

  private final String label;
  private final String durability;

  Scenario(String label, String durability) {
    this.label = label;
    this.durability = durability;
  }

  String label() {
    return label;
  }

  /** The setting that chooses what an acknowledgement of its server means. */
  String setting() {
    return "mayfly.contract.default.durability=" + durability;
  }

  /** Further settings of its server: rules that every mutation is held against. */
  List<String> rules() {
    return this == PUT_GUARDED
        ? List.of(
            "mayfly.contract.default.mutation.fence=required",
            "mayfly.contract.default.limits.keys=1000000",
            "mayfly.contract.default.limits.ratePerSecond=1000000")
        : List.of();
  }

  /** Whether its server must hold the keys before it is measured. */
  boolean needsKeys() {
    return this != BARE && this != CREATE_JOURNALED;
  }

  /** What fills its server before it is measured. */
  RequestTemplate filling() {
    return put(
        switch (this) {
          case PUT_GUARDED -> headers("Mayfly-Producer", "Mayfly-Fence", "Idempotency-Key");
          case PUT_LONGER -> headers("Custom-Producer", "Custom-Fence", "Unimportant-Key");
          default -> "";
        });
  }

  RequestTemplate template() {
    return this == BARE || this == GET ? RequestTemplate.get(ENTRY) : filling();
  }

  /** Lines with a word, a number, and a word of its own for every request. */
  private static String headers(String word, String number, String own) {
    return word + ": bench\r\n" + number + ": 1\r\n" + own + ": bench-{nonce}\r\n";
  }

  private static RequestTemplate put(String headers) {
    return RequestTemplate.put(ENTRY + "?ttl=1h", headers, BareServer.JSON_120);
  }

  /** Random keys, the same in every run; for creations keys that no repetition had before. */
  LongUnaryOperator keys(int repetition) {
    if (this == CREATE_JOURNALED) {
      return number -> repetition * CREATIONS_MAX + number;
    }
    SplittableRandom random = new SplittableRandom(1);
    return number -> random.nextInt(KEYS);
  }
}
