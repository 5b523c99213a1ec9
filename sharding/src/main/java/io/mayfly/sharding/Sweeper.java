package io.mayfly.sharding;

import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.Wake;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Wakes the keys of some slices that fell due and did not end by themselves: those that passivated,
 * moved, or lost their node.
 *
 * <p>A pass walks each slice from its earliest row to what is overdue, in batches. The next batch
 * follows when every woken key has answered, or when {@link Settings#patience} is over, so that a
 * million overdue keys are woken no faster than they can be recovered. A row that remains is woken
 * again in the next pass.
 */
final class Sweeper extends AbstractBehavior<Sweeper.Message> {

  /**
   * The limits of a sweeper.
   *
   * @param interval between two passes
   * @param grace how long a key may be overdue before it is woken: awake keys need less
   * @param batch the most keys that are being woken at a time
   * @param patience how long a batch may take before the sweeper goes on without the rest
   * @param fullPassInterval between two passes that begin at the earliest row there is
   */
  record Settings(
      Duration interval, Duration grace, int batch, Duration patience, Duration fullPassInterval) {}

  /** What a sweeper understands. */
  sealed interface Message {}

  private record Pass() implements Message {}

  private record Found(int slice, List<Wake> wakes) implements Message {}

  private record Failed(String cause) implements Message {}

  private record Answered(long batch) implements Message {}

  private record Overtaken(long batch) implements Message {}

  /** Rows are looked for this far behind the place where the last pass found none. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final TimerScheduler<Message> timers;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Settings settings;
  private final BiConsumer<Wake, Runnable> waker;
  private final int[] slices;
  private final Instant[] floors;
  private Instant fullPassAt = Instant.EPOCH;
  private int position;
  private Wake last = Wake.before(Instant.EPOCH);
  private Instant earliest = Instant.MAX;
  private long batch;
  private int awaited;
  private boolean batchFull;

  /**
   * The sweeper of every slice whose number is {@code index} modulo {@code count}.
   *
   * @param waker sends a key the wish to settle and runs the given task once it answered
   */
  static Behavior<Message> create(
      int index,
      int count,
      Ledger ledger,
      InstantSource clock,
      Settings settings,
      BiConsumer<Wake, Runnable> waker) {
    int[] slices = IntStream.range(0, Ledger.SLICES).filter(s -> s % count == index).toArray();
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Sweeper(context, timers, ledger, clock, settings, waker, slices)));
  }

  private Sweeper(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Ledger ledger,
      InstantSource clock,
      Settings settings,
      BiConsumer<Wake, Runnable> waker,
      int[] slices) {
    super(context);
    this.timers = timers;
    this.ledger = ledger;
    this.clock = clock;
    this.settings = settings;
    this.waker = waker;
    this.slices = slices;
    this.floors = new Instant[slices.length];
    rest();
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Pass.class, pass -> beginPass())
        .onMessage(Found.class, this::onFound)
        .onMessage(Answered.class, answered -> onAnswered(answered.batch()))
        .onMessage(Overtaken.class, overtaken -> onOvertaken(overtaken.batch()))
        .onMessage(Failed.class, this::onFailed)
        .build();
  }

  /**
   * A row whose write took longer than the margin lies before the floor. A full pass finds it; it
   * is rare, since it walks over all that was deleted.
   */
  private Behavior<Message> beginPass() {
    Instant now = clock.instant();
    if (!now.isBefore(fullPassAt)) {
      Arrays.fill(floors, Instant.EPOCH);
      fullPassAt = now.plus(settings.fullPassInterval());
    }
    return beginSlice(0);
  }

  private Behavior<Message> beginSlice(int next) {
    position = next;
    if (position == slices.length) {
      return rest();
    }
    last = Wake.before(floors[position]);
    earliest = Instant.MAX;
    return look();
  }

  private Behavior<Message> rest() {
    timers.startSingleTimer(new Pass(), settings.interval());
    return this;
  }

  private Behavior<Message> look() {
    int slice = slices[position];
    Instant until = clock.instant().minus(settings.grace());
    getContext()
        .pipeToSelf(
            ledger.due(slice, last, until, settings.batch()),
            (wakes, failure) ->
                failure == null ? new Found(slice, wakes) : new Failed(failure.toString()));
    return this;
  }

  private Behavior<Message> onFound(Found found) {
    List<Wake> wakes = found.wakes();
    if (wakes.isEmpty()) {
      return endSlice();
    }
    batch++;
    awaited = wakes.size();
    batchFull = awaited == settings.batch();
    earliest = earliest.isAfter(wakes.get(0).at()) ? wakes.get(0).at() : earliest;
    last = wakes.get(wakes.size() - 1);
    long current = batch;
    ActorRef<Message> self = getContext().getSelf();
    wakes.forEach(wake -> waker.accept(wake, () -> self.tell(new Answered(current))));
    timers.startSingleTimer(new Overtaken(current), settings.patience());
    return this;
  }

  private Behavior<Message> onAnswered(long answeredBatch) {
    if (answeredBatch != batch || awaited == 0) {
      return this;
    }
    awaited--;
    return awaited == 0 ? afterBatch() : this;
  }

  private Behavior<Message> onOvertaken(long overtakenBatch) {
    if (overtakenBatch != batch || awaited == 0) {
      return this;
    }
    getContext()
        .getLog()
        .warn("{} of the keys that fell due did not answer; they are woken again", awaited);
    awaited = 0;
    return afterBatch();
  }

  private Behavior<Message> afterBatch() {
    timers.cancel(new Overtaken(batch));
    return batchFull ? look() : endSlice();
  }

  private Behavior<Message> endSlice() {
    Instant reached = clock.instant();
    floors[position] = (earliest.isBefore(reached) ? earliest : reached).minus(MARGIN);
    return beginSlice(position + 1);
  }

  private Behavior<Message> onFailed(Failed failed) {
    getContext().getLog().warn("the ledger cannot be read: {}", failed.cause());
    return rest();
  }
}
