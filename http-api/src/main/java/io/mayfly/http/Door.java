package io.mayfly.http;

import io.mayfly.http.admission.Admission;
import io.mayfly.http.admission.Pulse;
import io.mayfly.http.admission.RefusalPace;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.pressure.Fill;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * The door to all state: lets requests in while there is room, refuses the others with what they
 * need to know, and knows how the node feels.
 */
final class Door {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final Admission admission;
  private final RefusalPace pace;
  private final Pulse pulse = new Pulse();
  private volatile HttpApi.Ports ports;
  private volatile RateLimits limits;

  Door(ActorSystem<?> system, HttpSettings settings, HttpApi.Ports ports) {
    this.system = system;
    this.ports = ports;
    this.admission = new Admission(settings.admission());
    this.pace = new RefusalPace(settings.admission(), System.nanoTime());
    this.limits = new RateLimits(ports.queues(), ports.contracts(), admission::fill);
    var unused =
        system
            .scheduler()
            .scheduleWithFixedDelay(TICK, TICK, this::tick, system.executionContext());
  }

  /** Leads to other ports from now on; who is in stays in. */
  void open(HttpApi.Ports other) {
    limits = new RateLimits(other.queues(), other.contracts(), admission::fill);
    ports = other;
  }

  private void tick() {
    pulse.tick();
    Telemetry telemetry = ports.telemetry();
    queues().forEach((name, fill) -> telemetry.queue(name, fill.depth(), fill.limit()));
  }

  /**
   * When a request was let in.
   *
   * @param beganNanos on the monotonic clock
   * @param atOnce whether it waited for nothing inside; how long it took tells nothing of the
   *     node's queues
   */
  record Stay(long beganNanos, boolean atOnce) {}

  /** How the last seconds were. */
  Pulse.Beat beat() {
    return pulse.beat();
  }

  /** How full the node itself is. */
  Fill node() {
    return admission.fill();
  }

  /** Every queue of the node; of a kind with many, the fullest. */
  Map<String, Fill> queues() {
    Map<String, Fill> queues = new LinkedHashMap<>();
    queues.put("node", admission.fill());
    queues.put("streams", admission.holding());
    queues.putAll(ports.queues().fullest());
    return queues;
  }

  /** Refuses a request for which there is no room now, before its body is read. */
  void look(Route route, List<String> segments) {
    Health.Readiness readiness = ports.health().readiness();
    if (readiness != Health.Readiness.READY) {
      throw refusal(Refusals.notReady(readiness), Reason.DRAINING, route, segments);
    }
    if (!admission.hasRoom(route.urgency())) {
      throw overloaded(route, segments);
    }
  }

  /**
   * Lets a request in, or refuses it.
   *
   * @return the instant of its entrance, on the monotonic clock
   */
  long enter(Route route, List<String> segments) {
    if (!admission.enter(route.urgency())) {
      throw overloaded(route, segments);
    }
    return System.nanoTime();
  }

  /** Lets a request out that failed. */
  void leave() {
    admission.leave();
  }

  /** Lets a request out, with its answer. */
  HttpResponse leave(
      Stay stay,
      Route route,
      List<String> segments,
      @Nullable HttpResponse answer,
      @Nullable Throwable failure) {
    long tookNanos = System.nanoTime() - stay.beganNanos();
    pulse.took(tookNanos);
    if (answer == null) {
      admission.leave();
      throw failure instanceof CompletionException known ? known : new CompletionException(failure);
    }
    if (stay.atOnce()) {
      admission.leave();
    } else {
      admission.leave(stay.beganNanos(), tookNanos);
    }
    pulse.answered(answer.status().intValue());
    return limits.onAnswer(answer, route, segments);
  }

  /** Takes a place for a body that arrives, or for a stream; or refuses. */
  void hold(Route route, List<String> segments) {
    if (!admission.hold()) {
      throw overloaded(route, segments);
    }
  }

  /** Gives that place back. */
  void release() {
    admission.release();
  }

  /** The response to a failure; an overload refusal goes out at the pace of refusals. */
  CompletionStage<HttpResponse> refuse(
      Route route, List<String> segments, Throwable failure, HttpResponse response) {
    int status = response.status().intValue();
    pulse.answered(status);
    if (status != 429 && status != 503) {
      return CompletableFuture.completedFuture(response);
    }
    Problem problem = problem(failure);
    HttpResponse refused =
        limits.onRefusal(
            response,
            route,
            segments,
            problem == null ? null : problem.type(),
            problem == null ? null : problem.retryAfter());
    return ports.health().ready() ? held(refused) : CompletableFuture.completedFuture(refused);
  }

  private CompletionStage<HttpResponse> held(HttpResponse refused) {
    long waitNanos = pace.waitNanos(System.nanoTime());
    if (waitNanos == 0) {
      return CompletableFuture.completedFuture(refused);
    }
    CompletableFuture<HttpResponse> later = new CompletableFuture<>();
    var unused =
        system
            .scheduler()
            .scheduleOnce(
                Duration.ofNanos(waitNanos),
                () -> {
                  pace.done();
                  later.complete(refused);
                },
                system.executionContext());
    return later;
  }

  private static @Nullable Problem problem(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ProblemException known ? known.problem() : null;
  }

  private ProblemException overloaded(Route route, List<String> segments) {
    Problem problem = Refusals.queued(Refusals.overloaded(), admission.fill());
    return refusal(problem, Reason.NODE_OVERLOADED, route, segments);
  }

  private ProblemException refusal(
      Problem problem, Reason reason, Route route, List<String> segments) {
    String namespace = route.namespace(segments);
    ports.telemetry().refused(namespace == null ? "" : namespace, reason);
    return problem.exception();
  }
}
