package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.entry.Violation;
import java.nio.charset.StandardCharsets;
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

  /**
   * The pointer to one member of the document. Half a surrogate pair, which JSON can spell and no
   * text of CBOR may hold, is shown as a question mark.
   */
  static String pointer(String member) {
    String text = new String(member.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    return "/" + text.replace("~", "~0").replace("/", "~1");
  }
}
