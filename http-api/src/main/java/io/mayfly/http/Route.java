package io.mayfly.http;

import io.mayfly.http.admission.Urgency;
import io.mayfly.http.problem.ProblemType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One operation.
 *
 * @param template the path, with names in braces for segments that vary; the first of them is the
 *     namespace that the operation is about, and stands third
 * @param need what the caller must be allowed to
 * @param parameters the query parameters that the handler reads
 * @param problems what the operation can answer besides what every request can meet
 */
record Route(
    String method,
    String template,
    String operationId,
    Need need,
    Set<Parameter> parameters,
    Set<ProblemType> problems,
    @Nullable Handler handler,
    @Nullable Streaming streaming) {
  /** Where the namespace stands among the segments. */
  static final int NAMESPACE = 2;

  Route {
    if (template.contains("{") && !template.matches("/[^{/]+/[^{/]+/\\{namespace}(/.*)?")) {
      throw new IllegalArgumentException(
          "template: " + template + " (expected: /v1/noun/{namespace}, then other names)");
    }
    if (need != Need.NONE) {
      Set<ProblemType> more = EnumSet.of(ProblemType.UNAUTHENTICATED, ProblemType.FORBIDDEN);
      more.addAll(problems);
      problems = more;
    }
  }

  /** An operation that gets its body whole. */
  Route(
      String method,
      String template,
      String operationId,
      Need need,
      Set<Parameter> parameters,
      Set<ProblemType> problems,
      Handler handler) {
    this(method, template, operationId, need, parameters, problems, handler, null);
  }

  /** An operation that gets its body as it arrives. */
  Route(
      String method,
      String template,
      String operationId,
      Need need,
      Set<Parameter> parameters,
      Set<ProblemType> problems,
      Streaming streaming) {
    this(method, template, operationId, need, parameters, problems, null, streaming);
  }

  /**
   * Answers a call whose body is still arriving. It may throw a problem before it reads; the run
   * goes on after the response, until its stage completes.
   */
  @FunctionalInterface
  interface Streaming {
    Running handle(Call call, Source<ByteString, ?> body);
  }

  /**
   * An operation under way.
   *
   * @param response the head, when it can go out
   * @param done completes when nothing of the operation is left
   */
  record Running(CompletionStage<HttpResponse> response, CompletionStage<Void> done) {}

  /** Answers a call. It may throw or fail with a problem. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> handle(Call call);
  }

  /** The template's segments. */
  List<String> segments() {
    return template.equals("/") ? List.of() : List.of(template.substring(1).split("/", -1));
  }

  /** The namespace that a fitting path names; absent for an operation over all of them. */
  @Nullable String namespace(List<String> path) {
    return template.contains("{") ? path.get(NAMESPACE) : null;
  }

  /** Whether the operation is about a resource that is leased. */
  boolean leases() {
    return template.startsWith("/v1/leases/");
  }

  /** Whether the operation sends commands to keys or resources of the namespace in its path. */
  boolean reachesKeys() {
    return leases() || template.startsWith("/v1/state/");
  }

  /** How soon the operation is refused as the node fills. */
  Urgency urgency() {
    if (method.equals("GET") || template.startsWith("/v1/reconcile/")) {
      return Urgency.READ;
    }
    boolean keeps =
        method.equals("DELETE")
            || template.endsWith("/touch")
            || template.endsWith("/renew")
            || template.endsWith("/release");
    return keeps ? Urgency.KEEP : Urgency.CHANGE;
  }

  /** Whether the operation may wait in a queue, which has bounds of its own. */
  boolean waits() {
    return template.endsWith("/acquire");
  }

  /**
   * Whether the operation passes the door: it counts against the node's limit and waits for
   * readiness. Operators look at a cluster when a node is not ready, and share one look; producers
   * look at the pressure when a node refuses.
   */
  boolean admitted() {
    return template.startsWith("/v1/")
        && !template.equals(Routes.CLUSTER)
        && !template.equals(Routes.PRESSURE);
  }
}
