package io.mayfly.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Why a command did not do what it was asked to: what happened, and what to do. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;
  private final String advice;
  private final transient @Nullable JsonNode problem;

  private Failure(ExitCode code, String message, String advice, @Nullable JsonNode problem) {
    super(message);
    this.code = code;
    this.advice = advice;
    this.problem = problem;
  }

  /** A failure without a document of the server. */
  public static Failure of(ExitCode code, String message, String advice) {
    return new Failure(code, message, advice, null);
  }

  /** Input that cannot be sent. */
  public static Failure usage(String message, String advice) {
    return of(ExitCode.USAGE, message, advice);
  }

  /** A refusal of the server. */
  static Failure refused(JsonNode problem) {
    return new Failure(
        ExitCode.ofStatus(problem.path("status").asInt()),
        Problems.text(problem),
        Advice.on(problem),
        problem);
  }

  /** Nothing listens, or nothing that is reached. */
  static Failure unreachable(Address address, String why) {
    return of(
        ExitCode.UNREACHABLE,
        "No server was reached at " + address.server() + ": " + why,
        "Start one (./mayfly server --port "
            + address.port()
            + " --data data), or name the one you mean: --server URL, or MAYFLY_URL.");
  }

  /** Sent, and no answer came. */
  static Failure unanswered(Address address, Request request, String why) {
    boolean read = request.method().equals("GET");
    return of(
        read ? ExitCode.UNREACHABLE : ExitCode.UNKNOWN,
        "No answer came from " + address.server() + ": " + why,
        read
            ? "Try again, with a longer --timeout, or look at the server: ./mayfly pressure"
            : "It may or may not have been done: read before you repeat it.");
  }

  /** The code to exit with. */
  public ExitCode code() {
    return code;
  }

  /** What to do about it. */
  public String advice() {
    return advice;
  }

  /** The problem that the server answered with; null where it said nothing. */
  public @Nullable JsonNode problem() {
    return problem;
  }

  /** What happened, in words. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** The name of the problem's type: {@code key-ended}; empty without one. */
  public String type() {
    return problem == null ? "" : Problems.type(problem);
  }
}
