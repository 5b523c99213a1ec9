package io.mayfly.benchmarks.throughput;

import io.mayfly.benchmarks.load.RequestTemplate;
import io.mayfly.benchmarks.process.BareServer;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;

/** What is asked of a server, over and over. */
enum Scenario {
  BARE("bare Pekko HTTP", Subject.BARE),
  GET("GET", Subject.JOURNALED),
  PUT_VOLATILE("PUT volatile", Subject.VOLATILE),
  PUT_JOURNALED("PUT journaled", Subject.JOURNALED),
  PUT_SYNCED("PUT synced", Subject.SYNCED),
  CREATE_JOURNALED("create journaled", Subject.CREATIONS);

  /** Keys that GET and PUT choose from at random. */
  static final int KEYS = 10_000;

  private static final String ENTRY = "/v1/state/bench/cart-{key}";

  /** The servers: one process each. */
  enum Subject {
    BARE("none"),
    VOLATILE("volatile"),
    JOURNALED("journaled"),
    SYNCED("synced"),
    CREATIONS("journaled");

    private final String durability;

    Subject(String durability) {
      this.durability = durability;
    }

    /** The setting that chooses what an acknowledgement means. */
    String setting() {
      return "mayfly.contract.default.durability=" + durability;
    }
  }

  private final String label;
  private final Subject subject;

  Scenario(String label, Subject subject) {
    this.label = label;
    this.subject = subject;
  }

  String label() {
    return label;
  }

  Subject subject() {
    return subject;
  }

  /** A write of one key; also what fills a server before it is measured. */
  static RequestTemplate put() {
    return RequestTemplate.put(ENTRY + "?ttl=10m", BareServer.JSON_120);
  }

  RequestTemplate template() {
    return this == BARE || this == GET ? RequestTemplate.get(ENTRY) : put();
  }

  /** Random keys, the same in every run; new keys for creations. */
  LongUnaryOperator keys() {
    if (this == CREATE_JOURNALED) {
      return LongUnaryOperator.identity();
    }
    SplittableRandom random = new SplittableRandom(1);
    return number -> random.nextInt(KEYS);
  }
}
