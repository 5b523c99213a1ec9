package io.mayfly.testkit.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.pekko.dispatch.Mailbox;

/**
 * What happens next. Tasks that may run now are drawn from the seed; when there are none, time
 * jumps to the next timer. Each step goes into a hash, by which two runs are compared.
 */
public final class Agenda {
  private final Dice dice;
  private final List<Ready> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private boolean begun;
  private long nowNanos;
  private long numbered;
  private long steps;
  private long hash = 17;

  /**
   * A task that may run now. Among them the order is that of their names and not that in which they
   * came: Pekko tells watchers and the watched in the order of hashes without a seed.
   */
  private record Ready(String name, long number, Runnable task) implements Comparable<Ready> {
    @Override
    public int compareTo(Ready other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : Long.compare(number, other.number);
    }
  }

  /** Something that happens at an instant unless it is cancelled before. */
  static final class Timer implements Comparable<Timer> {
    private final long atNanos;
    private final long number;
    private final Runnable task;
    private boolean cancelled;
    private boolean over;

    private Timer(long atNanos, long number, Runnable task) {
      this.atNanos = atNanos;
      this.number = number;
      this.task = task;
    }

    boolean cancel() {
      boolean first = !cancelled && !over;
      cancelled = true;
      return first;
    }

    boolean cancelled() {
      return cancelled;
    }

    @Override
    public int compareTo(Timer other) {
      int byInstant = Long.compare(atNanos, other.atNanos);
      return byInstant != 0 ? byInstant : Long.compare(number, other.number);
    }
  }

  Agenda(long seed) {
    this.dice = Dice.of(seed, "order");
  }

  /** Dice for choices of the engine itself. */
  Dice dice() {
    return dice;
  }

  /** Virtual time since the start. */
  public long nowNanos() {
    return nowNanos;
  }

  /** How many steps were taken. */
  public long steps() {
    return steps;
  }

  /** What happened so far, in one number. */
  public long hash() {
    return hash;
  }

  /** Lets something that is worth telling apart count in the hash. */
  void note(long what) {
    hash = (hash ^ what) * 0x100000001B3L;
    hash ^= hash >>> 29;
  }

  /** From now on the order is drawn. Before, while Pekko waits for its own start, it is given. */
  void begin() {
    begun = true;
  }

  /** Lets a task run as soon as its turn is drawn. */
  void soon(Runnable task) {
    if (begun) {
      Ready next = new Ready(name(task), ++numbered, task);
      ready.add(-Collections.binarySearch(ready, next) - 1, next);
    } else {
      task.run();
    }
  }

  /** Lets a task run at an instant from now. */
  Timer in(long delayNanos, Runnable task) {
    Timer timer = new Timer(nowNanos + Math.max(0, delayNanos), ++numbered, task);
    timers.add(timer);
    return timer;
  }

  /** Takes one step, and no later than an instant; false when nothing happens until then. */
  boolean step(long untilNanos) {
    if (!ready.isEmpty()) {
      int chosen = ready.size() == 1 ? 0 : dice.below(ready.size());
      run(ready.remove(chosen).task);
      return true;
    }
    while (!timers.isEmpty()) {
      Timer next = timers.element();
      if (next.cancelled) {
        timers.remove();
      } else if (next.atNanos > untilNanos) {
        break;
      } else {
        timers.remove();
        nowNanos = Math.max(nowNanos, next.atNanos);
        next.over = true;
        run(next.task);
        return true;
      }
    }
    nowNanos = Math.max(nowNanos, untilNanos);
    return false;
  }

  private static String name(Runnable task) {
    return task instanceof Mailbox mailbox
        ? mailbox.actor().self().path().toStringWithoutAddress()
        : "";
  }

  private void run(Runnable task) {
    steps++;
    note(nowNanos);
    if (task instanceof Mailbox mailbox) {
      note(unnumbered(mailbox.actor().self().path().name()).hashCode());
    }
    task.run();
  }

  /** The name without the number behind it, which Pekko may count over all systems of a JVM. */
  private static String unnumbered(String name) {
    int end = name.length();
    while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(0, end);
  }
}
