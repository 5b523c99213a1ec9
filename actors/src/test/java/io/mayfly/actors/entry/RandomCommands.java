package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Version;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Contracts, clocks and commands out of one seed. */
final class RandomCommands {
  private final Random random;

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
        .with(Scene.limits(100));
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
    return Integer.toString(random.nextInt(3));
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
    return switch (random.nextInt(12)) {
      case 0 -> lifespan.with(Scene.ifMatch(version).precondition());
      case 1 -> lifespan.with(Scene.ifMatch(new Version(1, 1)).precondition());
      case 2 -> lifespan.with(Scene.ifMatch(null).precondition());
      case 3 -> lifespan.with(Scene.ifNoneMatchAny().precondition());
      default -> lifespan;
    };
  }
}
