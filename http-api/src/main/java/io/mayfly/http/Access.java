package io.mayfly.http;

import io.mayfly.http.caller.Caller;
import io.mayfly.http.caller.Callers;
import io.mayfly.http.caller.Right;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one place that checks who may do what.
 *
 * <p>Invariant: no handler runs, and no body is read, for a caller who does not meet the need of
 * the route.
 */
final class Access {
  private final Callers callers;

  Access(Callers callers) {
    this.callers = callers;
  }

  /**
   * Lets a request in and says whose it is, or throws {@code unauthenticated} or {@code forbidden}.
   *
   * @param authorization the header of this name
   * @param segments the decoded path, which fits the route's template
   */
  Caller check(Route route, @Nullable String authorization, List<String> segments) {
    if (route.need() == Need.NONE) {
      return Caller.ANYBODY;
    }
    Caller caller = callers.authenticate(authorization);
    Right right = route.need().right();
    if (right != null) {
      require(caller, right, route.namespace(segments));
    }
    return caller;
  }

  private static void require(Caller caller, Right right, @Nullable String namespace) {
    if (!(namespace == null ? caller.may(right) : caller.may(right, namespace))) {
      throw forbidden(right, namespace).exception();
    }
  }

  /**
   * The refusal of a right.
   *
   * @param namespace where the caller lacks it; absent for everywhere
   */
  static Problem forbidden(Right right, @Nullable String namespace) {
    Problem problem =
        Problem.of(
                ProblemType.FORBIDDEN,
                "The token lacks the right "
                    + right.text()
                    + (namespace == null ? "." : " in this namespace."))
            .withHeader("WWW-Authenticate", "Bearer realm=\"mayfly\", error=\"insufficient_scope\"")
            .with("right", right.text());
    return namespace == null ? problem : problem.with("namespace", namespace);
  }
}
