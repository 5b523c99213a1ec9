package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * From the bytes of a stream of commands to the bytes of its answers, in one stage: whole chunks
 * are taken apart, sent and answered without a stage per operation. Serves one run.
 *
 * <p>Invariant: of one key at most one operation is under way; the next is sent after its reply, as
 * the port's order demands. Invariant: at most {@code in-flight} operations are unanswered, and no
 * byte is asked for while they are.
 *
 * <p>An operation that is refused because too much is under way, or too much was asked in this
 * second, waits and is sent again while its time allows. So a batch is slowed down as its client
 * would slow itself down, and refused only when that does not help.
 */
final class CommandFlow<C extends CommandFlow.Sent>
    extends AbstractGraphStageWithMaterializedValue<
        FlowShape<ByteString, ByteString>, CompletionStage<Void>> {
  private static final Duration TICK = Duration.ofMillis(250);

  /** How long a client sends nothing that has stopped; longer than a pause of either process. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private static final Duration AGAIN_MIN = Duration.ofMillis(20);
  private static final Set<Refusal.Reason> PASSING =
      Set.of(
          Refusal.Reason.KEY_OVERLOADED,
          Refusal.Reason.NAMESPACE_OVERLOADED,
          Refusal.Reason.NODE_OVERLOADED,
          Refusal.Reason.RATE_EXCEEDED);

  private final Inlet<ByteString> in = Inlet.create("operations");
  private final Outlet<ByteString> out = Outlet.create("answers");
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final Commands<C> commands;
  private final HttpApi.Ports ports;
  private final HttpSettings settings;

  /** What one document of the stream asks an entry. */
  interface Sent {
    EntryId id();

    EntryCommand command();
  }

  /**
   * What one stream is.
   *
   * @param array whether the documents are elements of one array, which a broken one breaks
   * @param timeout how long each operation is waited for
   * @param context in which the first operations are followed; absent when they are not
   */
  record Commands<C>(
      Frames frames,
      boolean array,
      Function<byte[], C> reader,
      StreamAnswers<C> answers,
      Duration timeout,
      @Nullable String context) {}

  CommandFlow(Commands<C> commands, HttpApi.Ports ports, HttpSettings settings) {
    this.commands = commands;
    this.ports = ports;
    this.settings = settings;
  }

  /** Completes when the first bytes have come, or none ever will. */
  CompletionStage<Void> begun() {
    return begun;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<Void>> createLogicAndMaterializedValuePair(
      Attributes attributes) {
    Logic logic = new Logic();
    return Pair.create(logic, logic.done);
  }

  /** One line of the answer that is still to be written. */
  private static final class Slot<C> {
    private final long index;
    private final int bytes;
    private final @Nullable C operation;
    private final @Nullable Problem problem;
    private final long begunNanos = System.nanoTime();
    private volatile @Nullable EntryReply reply;
    private volatile @Nullable Refusal refused;
    private @Nullable Slot<C> next;

    private Slot(long index, int bytes, @Nullable C operation, @Nullable Problem problem) {
      this.index = index;
      this.bytes = bytes;
      this.operation = operation;
      this.problem = problem;
    }

    private boolean answered() {
      return problem != null || reply != null;
    }
  }

  private final class Logic extends TimerGraphStageLogic {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final ArrayDeque<Slot<C>> window = new ArrayDeque<>();
    private final Map<EntryId, Slot<C>> newest = new HashMap<>();
    private final Queue<Slot<C>> replies = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AsyncCallback<Logic> wake = createAsyncCallback(any -> settle());
    private long index;
    private long bytesUnderWay;
    private long movedAtNanos = System.nanoTime();
    private long arrivedAtNanos = movedAtNanos;
    private long finishedAtNanos;

    /** Whether no more operations are taken. */
    private boolean over;

    /** Whether the stream has said its last. */
    private boolean finished;

    private Logic() {
      super(shape());
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              arrived(grab(in));
            }

            @Override
            public void onUpstreamFinish() {
              finished();
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              cutOff();
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              moved();
              advance();
            }
          });
    }

    @Override
    public void preStart() {
      scheduleAtFixedRate("tick", TICK, TICK);
      pull(in);
    }

    @Override
    public void postStop() {
      begun.complete(null);
      done.complete(null);
    }

    private void moved() {
      movedAtNanos = System.nanoTime();
    }

    /** What a client still sends after the last answer is read, and dropped. */
    private void arrived(ByteString chunk) {
      begun.complete(null);
      arrivedAtNanos = System.nanoTime();
      if (!over) {
        moved();
        commands.frames().feed(chunk.toArrayUnsafe());
      }
      advance();
    }

    private void finished() {
      begun.complete(null);
      advance();
    }

    private void cutOff() {
      begun.complete(null);
      end(Problem.of(ProblemType.MALFORMED_REQUEST, "The body is cut off or wrongly framed."));
      advance();
    }

    /** Does all that can be done now; the order of the steps makes room before it is used. */
    private void advance() {
      boolean more = true;
      while (more) {
        write();
        more = !over && read();
      }
      if (over && !isClosed(out) && window.isEmpty() && commands.answers().isEmpty()) {
        finish();
      }
      if (over && !isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    /** The last answers of the stream, if there are any, go out before it completes. */
    private void finish() {
      if (!finished) {
        finished = true;
        finishedAtNanos = System.nanoTime();
        commands.answers().finish();
      }
      if (!commands.answers().isEmpty() && isAvailable(out)) {
        push(out, commands.answers().take());
      }
      if (commands.answers().isEmpty() && !stillSends()) {
        complete(out);
      }
    }

    /**
     * Whether the client still sends what nobody answers. A connection that is closed then is
     * reset, and the last answers may be lost on their way; so a client is read for a while, until
     * it has seen them and stops.
     */
    private boolean stillSends() {
      long now = System.nanoTime();
      long idleNanos = settings.batch().idleTimeout().toNanos();
      return !isClosed(in)
          && now - arrivedAtNanos < Math.min(SILENCE.toNanos(), idleNanos)
          && now - finishedAtNanos < idleNanos;
    }

    private boolean room() {
      return window.size() < settings.batch().inFlight()
          && bytesUnderWay < settings.batch().inFlightBytes();
    }

    /** Takes the next operations while there is room; whether some were. */
    private boolean read() {
      boolean some = false;
      while (!over && room()) {
        Frames.Found found = commands.frames().next();
        if (found == Frames.Found.MORE) {
          if (!isClosed(in)) {
            if (!hasBeenPulled(in)) {
              pull(in);
            }
            return some;
          }
          found = commands.frames().end();
          if (found == Frames.Found.MORE) {
            over = true;
            return true;
          }
        }
        take(found);
        some = true;
      }
      return some;
    }

    private void take(Frames.Found found) {
      if (!ports.health().ready()) {
        end(Refusals.notReady(ports.health().readiness()));
      } else if (found == Frames.Found.FRAME) {
        operation(commands.frames().frame());
      } else if (found == Frames.Found.TOO_LARGE) {
        refuse(
            Problem.of(
                ProblemType.VALUE_TOO_LARGE,
                "The operation has more than " + settings.batch().lineBytesMax() + " bytes."));
      } else {
        end(Problem.of(ProblemType.MALFORMED_BODY, "The body is broken here or ends too early."));
      }
    }

    private void operation(byte[] document) {
      C operation;
      try {
        operation = commands.reader().apply(document);
      } catch (ProblemException e) {
        if (commands.array() && !ValueCodec.wellFormedJson(document)) {
          end(e.problem());
        } else {
          refuse(e.problem());
        }
        return;
      }
      Slot<C> slot = new Slot<>(index++, document.length, operation, null);
      window.add(slot);
      bytesUnderWay += slot.bytes;
      Slot<C> before = newest.put(operation.id(), slot);
      if (before == null) {
        send(slot, operation);
      } else {
        before.next = slot;
      }
    }

    private void refuse(Problem problem) {
      window.add(new Slot<>(index++, 0, null, problem));
    }

    private void end(Problem problem) {
      if (!over) {
        refuse(problem);
        over = true;
      }
    }

    private void send(Slot<C> slot, C operation) {
      String context = slot.index < settings.batch().followedMax() ? commands.context() : null;
      CompletionStage<EntryReply> sent =
          context == null
              ? send(operation, left(slot))
              : ports.telemetry().tracing().within(context, () -> send(operation, left(slot)));
      var unused = sent.whenComplete((reply, failure) -> replied(slot, reply, failure));
    }

    private CompletionStage<EntryReply> send(C operation, Duration left) {
      return ports.entries().send(operation.id(), operation.command(), left);
    }

    /** How long the operation may still be waited for. */
    private Duration left(Slot<C> slot) {
      return slot.refused == null
          ? commands.timeout()
          : commands.timeout().minusNanos(System.nanoTime() - slot.begunNanos);
    }

    /** Runs on the thread of the answering actor: only one signal is under way at a time. */
    private void replied(Slot<C> slot, @Nullable EntryReply reply, @Nullable Throwable failure) {
      if (reply instanceof Refusal refusal && passes(slot, refusal)) {
        slot.refused = refusal;
      } else {
        slot.reply =
            reply == null || failure != null ? Refusal.of(Refusal.Reason.OUTCOME_UNKNOWN) : reply;
      }
      replies.add(slot);
      if (signalled.compareAndSet(false, true)) {
        wake.invoke(this);
      }
    }

    /** Whether nothing was done, and there is time to try again. */
    private boolean passes(Slot<C> slot, Refusal refusal) {
      long spentNanos = System.nanoTime() - slot.begunNanos;
      return PASSING.contains(refusal.reason())
          && ports.health().ready()
          && commands.timeout().minus(wait(refusal)).toNanos() > spentNanos;
    }

    private static Duration wait(Refusal refusal) {
      Duration wait = refusal.retryAfter();
      return wait == null || wait.compareTo(AGAIN_MIN) < 0 ? AGAIN_MIN : wait;
    }

    private void settle() {
      signalled.set(false);
      for (Slot<C> slot = replies.poll(); slot != null; slot = replies.poll()) {
        Refusal refused = slot.refused;
        if (slot.reply == null && refused != null) {
          scheduleOnce(slot, wait(refused));
          continue;
        }
        C operation = slot.operation;
        if (operation == null) {
          throw new IllegalStateException("a reply to no operation");
        }
        Slot<C> next = slot.next;
        if (next != null && next.operation != null) {
          send(next, next.operation);
        } else {
          newest.remove(operation.id(), slot);
        }
      }
      advance();
    }

    private void again(long number) {
      for (Slot<C> slot : window) {
        if (slot.index == number && slot.operation != null) {
          send(slot, slot.operation);
        }
      }
    }

    /** Writes the lines that are ready, up to a chunk more than the client takes. */
    private void write() {
      while (!noneReady() && !commands.answers().full()) {
        line(window.remove());
      }
      if (isAvailable(out) && !commands.answers().isEmpty()) {
        push(out, commands.answers().take());
      }
    }

    private boolean noneReady() {
      Slot<C> first = window.peek();
      return first == null || !first.answered();
    }

    private void line(Slot<C> slot) {
      moved();
      bytesUnderWay -= slot.bytes;
      if (slot.problem != null) {
        commands.answers().problem(slot.index, slot.problem);
      } else if (slot.operation != null && slot.reply != null) {
        commands.answers().reply(slot.index, slot.operation, slot.reply);
      }
    }

    @Override
    public void onTimer(Object key) {
      if (key instanceof Slot<?> again) {
        again(again.index);
        return;
      }
      boolean still = System.nanoTime() - movedAtNanos > settings.batch().idleTimeout().toNanos();
      if (!over && !ports.health().ready()) {
        end(Refusals.notReady(ports.health().readiness()));
        advance();
      } else if (still && !over && window.isEmpty() && commands.answers().isEmpty()) {
        begun.complete(null);
        end(Problem.of(ProblemType.REQUEST_TIMEOUT, "The next operation did not arrive in time."));
        advance();
      } else if (still && isClosed(out)) {
        completeStage();
      } else if (finished && !isClosed(out) && commands.answers().isEmpty()) {
        advance();
      } else if (still && !commands.answers().isEmpty()) {
        failStage(new TimeoutException("the client of a batch does not read its answers"));
      }
    }
  }
}
