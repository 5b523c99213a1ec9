package io.mayfly.http;

import io.mayfly.http.problem.ProblemType;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One operation.
 *
 * @param template the path, with names in braces for segments that vary
 * @param parameters the query parameters that the handler reads
 * @param problems what the operation can answer besides what every request can meet
 */
record Route(
    String method,
    String template,
    String operationId,
    Set<Parameter> parameters,
    Set<ProblemType> problems,
    Handler handler) {

  /** Answers a call. It may throw or fail with a problem. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> handle(Call call);
  }

  /** The template's segments. */
  List<String> segments() {
    return template.equals("/") ? List.of() : List.of(template.substring(1).split("/", -1));
  }

  /** Whether the operation counts against the in-flight bound. */
  boolean admitted() {
    return template.startsWith("/v1/");
  }
}
