package io.mayfly.http;

import io.mayfly.http.problem.ProblemException;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.Version;
import java.util.HashSet;
import java.util.Set;

/** {@code If-Match} and {@code If-None-Match} (RFC 9110, 13.1). */
final class Conditions {
  private Conditions() {}

  static Precondition of(RequestHeaders headers) {
    String match = headers.ifMatch();
    String noneMatch = headers.ifNoneMatch();
    if (match == null && noneMatch == null) {
      return Precondition.NONE;
    }
    return new Precondition(
        match == null ? null : tags("If-Match", match, false),
        noneMatch == null ? null : tags("If-None-Match", noneMatch, true));
  }

  /** Whether {@code If-Match} alone holds. */
  static boolean matches(Precondition precondition, Version current) {
    return new Precondition(precondition.ifMatch(), null).holds(current);
  }

  /** Whether {@code If-None-Match} alone holds. */
  static boolean noneMatches(Precondition precondition, Version current) {
    return new Precondition(null, precondition.ifNoneMatch()).holds(current);
  }

  /**
   * Reads a list of entity tags.
   *
   * @param weakly whether a weak tag matches: {@code If-None-Match} compares weakly, {@code
   *     If-Match} strongly
   */
  private static Precondition.Tags tags(String name, String text, boolean weakly) {
    if (text.strip().equals("*")) {
      return Precondition.Tags.ANY;
    }
    Set<Version> versions = new HashSet<>();
    int at = skipSpace(text, 0);
    boolean none = true;
    while (at < text.length()) {
      boolean weak = text.startsWith("W/", at);
      int open = weak ? at + 2 : at;
      int close = closingQuote(name, text, open);
      none = false;
      if (!weak || weakly) {
        Version.fromEtag(text.substring(open, close + 1)).ifPresent(versions::add);
      }
      at = skipComma(name, text, close + 1);
    }
    if (none) {
      throw malformed(name);
    }
    return new Precondition.Tags(false, versions);
  }

  private static int closingQuote(String name, String text, int open) {
    if (open >= text.length() || text.charAt(open) != '"') {
      throw malformed(name);
    }
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c <= ' ' || c == 0x7F) {
        throw malformed(name);
      }
    }
    throw malformed(name);
  }

  private static int skipComma(String name, String text, int from) {
    int at = skipSpace(text, from);
    if (at == text.length()) {
      return at;
    }
    if (text.charAt(at) != ',') {
      throw malformed(name);
    }
    int next = skipSpace(text, at + 1);
    if (next == text.length()) {
      throw malformed(name);
    }
    return next;
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static ProblemException malformed(String name) {
    return RequestHeaders.invalid(name, "expected * or quoted entity tags");
  }
}
