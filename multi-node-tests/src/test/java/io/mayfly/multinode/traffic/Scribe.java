package io.mayfly.multinode.traffic;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Changes keys through any node until it is told to stop, and remembers what was acknowledged. */
public final class Scribe implements Callable<List<Scribe.Change>> {
  private final List<StateClient> nodes;
  private final List<EntryId> keys;
  private final SplittableRandom random;
  private final AtomicBoolean stop;

  /** A change that was acknowledged. */
  public record Change(String key, Version version) {}

  /** A client. */
  public Scribe(
      List<StateClient> nodes, List<EntryId> keys, SplittableRandom random, AtomicBoolean stop) {
    this.nodes = nodes;
    this.keys = keys;
    this.random = random;
    this.stop = stop;
  }

  @Override
  public List<Change> call() {
    List<Change> acknowledged = new ArrayList<>();
    while (!stop.get()) {
      EntryId key = keys.get(random.nextInt(keys.size()));
      StateClient node = nodes.get(random.nextInt(nodes.size()));
      try {
        Answer answer = random.nextInt(8) == 0 ? node.delete(key) : node.put(key, "ttl=1h", "1");
        if (answer.isSuccess()) {
          acknowledged.add(
              new Change(key.key(), answer.etag().flatMap(Version::fromEtag).orElseThrow()));
        }
      } catch (IOException e) {
        // It may have happened, which nobody was promised.
      }
    }
    return acknowledged;
  }
}
