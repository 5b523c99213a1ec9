package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Idempotency;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Contract.Mutation;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Flag;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Version;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Contracts, clocks and commands out of one seed. */
final class RandomCommands {
  private final Random random;
  private int tokens;

  RandomCommands(long seed) {
    this.random = new Random(seed);
  }

  Contract contract() {
    return Contract.STANDARD
        .with(
            new Lifetime(
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                one(List.of(Renewal.values())),
                Duration.ofSeconds(100),
                Duration.ofSeconds(one(List.of(0, 5, 40)))))
        .with(one(List.of(Durability.values())))
        .with(new History(random.nextInt(7)))
        .with(Scene.limits(one(List.of(1, 2, 100))))
        .with(mutation())
        .with(
            new Idempotency(Duration.ofSeconds(one(List.of(3, 30, 300))), one(List.of(1, 3, 64))));
  }

  private Mutation mutation() {
    Map<Transition, Flag> flags = new EnumMap<>(Transition.class);
    for (Transition transition : Transition.values()) {
      flags.put(
          transition,
          switch (random.nextInt(20)) {
            case 0 -> Flag.OFF;
            case 1 -> Flag.SHADOW;
            default -> Flag.ON;
          });
    }
    return new Mutation(
        random.nextInt(4) == 0 ? Set.of("ann", "bob") : Set.of(),
        random.nextInt(8) == 0,
        random.nextInt(8) == 0,
        flags);
  }

  /** Whether only even numbers are allowed. */
  boolean evenOnly() {
    return random.nextInt(4) == 0;
  }

  /** How far the clock goes, sometimes back, sometimes to just where something falls due. */
  long stepMillis(long nowMillis, long dueMillis) {
    return switch (random.nextInt(20)) {
      case 0 -> -random.nextInt(3_000);
      case 1 -> random.nextInt(200_000);
      case 2, 3 -> dueMillis == 0 ? 0 : dueMillis - nowMillis;
      case 4 -> dueMillis == 0 ? 1 : dueMillis - nowMillis - 1;
      case 5, 6, 7, 8 -> 0;
      default -> random.nextInt(5_000);
    };
  }

  EntryCommand command(EntryState state, long nowMillis) {
    Version version =
        state instanceof EntryState.Standing standing
            ? standing.life().version()
            : new Version(nowMillis, 1);
    return switch (random.nextInt(14)) {
      case 0, 1, 2 -> Scene.put(number(), terms(version, nowMillis));
      case 3 -> Scene.putFrom(from(nowMillis, 70_000), number(), terms(version, nowMillis));
      case 4 -> Scene.merge(number(), terms(version, nowMillis));
      case 5, 6 -> Scene.increment(number(), number(), terms(version, nowMillis));
      case 7 -> Scene.touch(terms(version, nowMillis));
      case 8 ->
          random.nextInt(3) == 0
              ? new EntryCommand.Delete(terms(version, nowMillis))
              : EntryCommand.Settle.NOW;
      case 9 -> new EntryCommand.Rollback(revision(version.revision()), terms(version, nowMillis));
      case 10 -> new EntryCommand.ReadHistory(1 + random.nextInt(8));
      case 11 -> new EntryCommand.Read(revision(version.revision()), random.nextBoolean());
      case 12 -> EntryCommand.Read.CURRENT;
      default -> EntryCommand.Settle.NOW;
    };
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String number() {
    return Integer.toString(random.nextInt(8) == 0 ? random.nextInt(400) : random.nextInt(3));
  }

  private long revision(long current) {
    return Math.max(1, current - random.nextInt(6) + 1);
  }

  private double from(long nowMillis, int rangeMillis) {
    long offset = nowMillis - Scene.NOW.toEpochMilli();
    return (offset + random.nextInt(rangeMillis) - rangeMillis / 7) / 1000.0;
  }

  private Terms terms(Version version, long nowMillis) {
    Terms lifespan =
        switch (random.nextInt(6)) {
          case 0, 1 -> Scene.ttl(random.nextInt(65_000) / 1000.0);
          case 2 -> Scene.until(from(nowMillis, 70_000));
          default -> Terms.NONE;
        };
    Terms guarded = lifespan.with(origin()).withFence(fence()).with(retryKey());
    return switch (random.nextInt(12)) {
      case 0 -> guarded.with(Scene.ifMatch(version).precondition());
      case 1 -> guarded.with(Scene.ifMatch(new Version(1, 1)).precondition());
      case 2 -> guarded.with(Scene.ifMatch(null).precondition());
      case 3 -> guarded.with(Scene.ifNoneMatchAny().precondition());
      default -> guarded;
    };
  }

  private Origin origin() {
    List<String> names = List.of("ann", "bob", "eve");
    return new Origin(
        random.nextBoolean() ? one(names) : null, random.nextInt(3) == 0 ? one(names) : null, null);
  }

  private long fence() {
    return random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(3) + random.nextInt(2) * tokens++ / 8;
  }

  private @Nullable RetryKey retryKey() {
    return random.nextInt(3) == 0
        ? new RetryKey(
            "k" + random.nextInt(6), random.nextInt(4) == 0 ? "g" : "f", random.nextBoolean())
        : null;
  }
}
