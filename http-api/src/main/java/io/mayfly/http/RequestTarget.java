package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;

/**
 * The request target as it came over the wire (RFC 9112, 3.2), taken apart here, because an encoded
 * slash is part of a key.
 *
 * @param segments the decoded path segments; empty for {@code /}
 * @param query what follows the question mark, undecoded
 * @param asterisk whether the target is {@code *}, the server as a whole
 */
record RequestTarget(List<String> segments, String query, boolean asterisk) {

  static RequestTarget parse(String raw) {
    if (raw.equals("*")) {
      return new RequestTarget(List.of(), "", true);
    }
    String target = raw.startsWith("/") ? raw : withoutAuthority(raw);
    if (target.indexOf('#') >= 0) {
      throw invalid("A request target has no fragment.");
    }
    int mark = target.indexOf('?');
    int end = mark < 0 ? target.length() : mark;
    return new RequestTarget(
        segments(target, end), mark < 0 ? "" : target.substring(mark + 1), false);
  }

  /** What follows the question mark of a target, undecoded. */
  static String rawQuery(String rawTarget) {
    int mark = rawTarget.indexOf('?');
    return mark < 0 ? "" : rawTarget.substring(mark + 1);
  }

  private static String withoutAuthority(String raw) {
    int scheme = raw.indexOf("://");
    if (scheme < 0) {
      throw invalid("The path does not start with a slash.");
    }
    int start = scheme + 3;
    while (start < raw.length() && raw.charAt(start) != '/' && raw.charAt(start) != '?') {
      start++;
    }
    String rest = raw.substring(start);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static List<String> segments(String target, int end) {
    List<String> segments = new ArrayList<>(6);
    int from = 1;
    while (from <= end && end > 1) {
      int slash = target.indexOf('/', from);
      int to = slash < 0 || slash > end ? end : slash;
      segments.add(segment(target, from, to));
      from = to + 1;
    }
    return segments;
  }

  private static String segment(String target, int from, int to) {
    String segment;
    try {
      segment = PercentCoding.decode(target, from, to, false);
    } catch (IllegalArgumentException e) {
      throw invalid("In the path, " + e.getMessage() + ".");
    }
    if (segment.equals(".") || segment.equals("..")) {
      throw invalid("The path has a dot segment.");
    }
    return segment;
  }

  private static ProblemException invalid(String detail) {
    return Problem.of(ProblemType.INVALID_PATH, detail).exception();
  }
}
