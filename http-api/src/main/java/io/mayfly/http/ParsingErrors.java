package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers requests that Pekko HTTP refuses before the gateway sees them, as problems too. Loaded by
 * its class name.
 */
public final class ParsingErrors extends ParsingErrorHandler {
  /** Instantiated by Pekko HTTP. */
  public ParsingErrors() {}

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    return Problems.response(problem(status.intValue(), error.summary()), null);
  }

  private static Problem problem(int status, String summary) {
    return switch (status) {
      case 414 -> Problem.of(ProblemType.URI_TOO_LONG, "The request target is too long.");
      case 431 -> Problem.of(ProblemType.HEADERS_TOO_LARGE, "A header is too large.");
      case 501 -> Problem.of(ProblemType.METHOD_UNKNOWN, "The method is not known.");
      case 505 -> Problem.of(ProblemType.MALFORMED_REQUEST, "The protocol is not HTTP/1.1.");
      default -> malformed(summary);
    };
  }

  /** The parser names no own status for a header too many. */
  private static Problem malformed(String summary) {
    return summary.contains("more than the configured limit")
        ? Problem.of(ProblemType.HEADERS_TOO_LARGE, "The request has too many headers.")
        : Problem.of(
            ProblemType.MALFORMED_REQUEST, "The request line or a header is not valid HTTP.");
  }
}
