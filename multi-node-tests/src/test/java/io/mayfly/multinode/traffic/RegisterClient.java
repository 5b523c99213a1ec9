package io.mayfly.multinode.traffic;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.testkit.check.Operation;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Uses keys as registers, through any node, until it is told to stop, and records what it asked and
 * what came of it. It never gives up: nodes may be gone meanwhile.
 */
public final class RegisterClient implements Callable<Map<EntryId, List<Operation>>> {
  private final Supplier<List<StateClient>> nodes;
  private final List<EntryId> keys;
  private final AtomicLong values;
  private final SplittableRandom random;
  private final AtomicBoolean stop;
  private final Tally tally;
  private final Map<EntryId, List<Operation>> history = new HashMap<>();
  private boolean reached;

  /**
   * A client.
   *
   * @param nodes those that may be asked now
   * @param values gives each write a value of its own
   * @param tally counts what came of each request
   */
  public RegisterClient(
      Supplier<List<StateClient>> nodes,
      List<EntryId> keys,
      AtomicLong values,
      SplittableRandom random,
      AtomicBoolean stop,
      Tally tally) {
    this.tally = tally;
    this.nodes = nodes;
    this.keys = keys;
    this.values = values;
    this.random = random;
    this.stop = stop;
  }

  @Override
  public Map<EntryId, List<Operation>> call() {
    while (!stop.get()) {
      EntryId key = keys.get(random.nextInt(keys.size()));
      List<StateClient> now = nodes.get();
      StateClient node = now.get(random.nextInt(now.size()));
      long calledNanos = System.nanoTime();
      Operation operation = random.nextBoolean() ? write(node, key) : read(node, key);
      if (operation != null) {
        history.computeIfAbsent(key, any -> new ArrayList<>()).add(operation);
      }
      // Who is refused asks again soon: a wait would make the requests fewer that are affected.
      Thought.after(calledNanos, reached);
    }
    return history;
  }

  private @Nullable Operation write(StateClient node, EntryId key) {
    long value = values.incrementAndGet();
    long called = System.nanoTime();
    try {
      Answer answer = node.put(key, "ttl=1h", Long.toString(value));
      reached = true;
      tally.answered(answer);
      if (answer.isSuccess()) {
        return Operation.write(value, called, System.nanoTime());
      }
      return answer.isRefusal() ? null : Operation.lostWrite(value, called);
    } catch (IOException e) {
      reached = !(e instanceof ConnectException);
      tally.failed(e);
      return Operation.lostWrite(value, called);
    }
  }

  private @Nullable Operation read(StateClient node, EntryId key) {
    long called = System.nanoTime();
    try {
      Answer answer = node.get(key);
      reached = true;
      tally.answered(answer);
      if (answer.status() == 200) {
        return Operation.read(OptionalLong.of(answer.json().asLong()), called, System.nanoTime());
      }
      return answer.status() == 404
          ? Operation.read(OptionalLong.empty(), called, System.nanoTime())
          : null;
    } catch (IOException e) {
      reached = !(e instanceof ConnectException);
      tally.failed(e);
      return null;
    }
  }
}
