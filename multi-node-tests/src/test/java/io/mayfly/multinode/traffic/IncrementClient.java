package io.mayfly.multinode.traffic;

import io.mayfly.protocol.entry.EntryId;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Adds one again and again, each time under an idempotency key of its own, and repeats an addition
 * through other nodes until it is acknowledged: whatever happened before, it must count once.
 */
public final class IncrementClient implements Callable<Long> {
  private final String name;
  private final List<StateClient> nodes;
  private final EntryId key;
  private final SplittableRandom random;
  private final AtomicBoolean stop;

  /**
   * A client.
   *
   * @param name begins its idempotency keys
   */
  public IncrementClient(
      String name,
      List<StateClient> nodes,
      EntryId key,
      SplittableRandom random,
      AtomicBoolean stop) {
    this.name = name;
    this.nodes = nodes;
    this.key = key;
    this.random = random;
    this.stop = stop;
  }

  /** Returns how many additions were acknowledged; none is left without an answer. */
  @Override
  public Long call() {
    long added = 0;
    while (!stop.get()) {
      while (!add(name + '-' + added)) {
        // It may have happened: only the same key may be used again.
      }
      added++;
    }
    return added;
  }

  private boolean add(String idempotencyKey) {
    long calledNanos = System.nanoTime();
    boolean added = acknowledged(idempotencyKey);
    Thought.after(calledNanos, added);
    return added;
  }

  private boolean acknowledged(String idempotencyKey) {
    try {
      Answer answer = nodes.get(random.nextInt(nodes.size())).increment(key, idempotencyKey);
      if (!answer.isSuccess() && answer.status() < 500 && answer.status() != 409) {
        throw new AssertionError(answer.toString());
      }
      return answer.isSuccess();
    } catch (IOException e) {
      return false;
    }
  }
}
