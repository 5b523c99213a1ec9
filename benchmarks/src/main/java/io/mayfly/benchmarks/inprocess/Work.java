package io.mayfly.benchmarks.inprocess;

import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryCommand.Put;
import io.mayfly.protocol.entry.EntryCommand.Read;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/** What is asked of entries, over and over. */
enum Work {
  CREATE_JOURNALED("create journaled", BenchContracts.JOURNALED, true),
  REPLACE_JOURNALED("replace journaled", BenchContracts.JOURNALED, false),
  READ("read", BenchContracts.JOURNALED, false),
  CREATE_VOLATILE("create volatile", BenchContracts.VOLATILE, true);

  /** Keys that replacements and reads choose from. */
  static final int KEYS = 10_000;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Terms TERMS =
      Terms.NONE.with(new Lifespan(Duration.ofHours(1), /* expiresAt= */ null));

  private final String label;
  private final String namespace;
  private final boolean creates;

  Work(String label, String namespace, boolean creates) {
    this.label = label;
    this.namespace = namespace;
    this.creates = creates;
  }

  String label() {
    return label;
  }

  /** Whether each command goes to a new key; otherwise {@link #KEYS} of them must exist. */
  boolean creates() {
    return creates;
  }

  /** Writes of the keys 0, 1, 2 and on. */
  LongFunction<CompletionStage<EntryReply>> creations(Entries entries, Value value) {
    Put put = new Put(value, /* notBefore= */ null, TERMS);
    return number -> send(entries, number, put);
  }

  /** The commands themselves. */
  LongFunction<CompletionStage<EntryReply>> commands(Entries entries, Value value) {
    if (creates) {
      return creations(entries, value);
    }
    EntryCommand command =
        this == READ ? Read.CURRENT : new Put(value, /* notBefore= */ null, TERMS);
    return number -> send(entries, scattered(number), command);
  }

  private CompletionStage<EntryReply> send(Entries entries, long key, EntryCommand command) {
    return entries.send(new EntryId(namespace, "cart-" + key), command, TIMEOUT);
  }

  /** A key that looks random, and is the same in every run (the finalizer of SplitMix64). */
  private static long scattered(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return Long.remainderUnsigned(mixed ^ (mixed >>> 31), KEYS);
  }
}
