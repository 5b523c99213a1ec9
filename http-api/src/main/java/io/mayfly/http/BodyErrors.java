package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.entry.Violation;
import java.util.List;

/** Bodies that are documents, but not the ones that the operation reads. */
final class BodyErrors {
  private BodyErrors() {}

  /** Something is wrong where the pointer (RFC 6901) leads. */
  static ProblemException at(String pointer, String detail) {
    return Problem.of(ProblemType.MALFORMED_BODY, detail)
        .with(List.of(new Violation("body", pointer, detail)))
        .exception();
  }

  /** The pointer to one member of the document. */
  static String pointer(String member) {
    return "/" + member.replace("~", "~0").replace("/", "~1");
  }
}
