package io.mayfly.http.problem;

import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One occurrence of a problem.
 *
 * @param detail one sentence about this occurrence; never a value, which may be secret
 * @param members further members in their order: strings, numbers, booleans, and lists and maps of
 *     them
 * @param errors the broken rules
 * @param retryAfter how long to wait before a retry; absent when waiting does not help
 * @param headers further headers of the answer, by name
 */
public record Problem(
    ProblemType type,
    String detail,
    Map<String, Object> members,
    List<Violation> errors,
    @Nullable Duration retryAfter,
    Map<String, String> headers) {

  /** A problem with nothing but a detail. */
  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, detail, Map.of(), List.of(), null, Map.of());
  }

  /** The same problem with one more member. */
  public Problem with(String name, Object member) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(name, member);
    return new Problem(type, detail, more, errors, retryAfter, headers);
  }

  /** The same problem with these broken rules. */
  public Problem with(List<Violation> violations) {
    return new Problem(type, detail, members, List.copyOf(violations), retryAfter, headers);
  }

  /** The same problem with a wait before the next try. */
  public Problem with(Duration wait) {
    return new Problem(type, detail, members, errors, wait, headers);
  }

  /** The same problem with one more header. */
  public Problem withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(type, detail, members, errors, retryAfter, more);
  }

  /** The problem as an exception, which ends the handling of the request. */
  public ProblemException exception() {
    return new ProblemException(this);
  }
}
