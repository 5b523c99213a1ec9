package io.mayfly.http;

import io.mayfly.http.problem.ProblemException;
import io.mayfly.protocol.contract.ContractPrecondition;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code If-Match} and {@code If-None-Match} (RFC 9110, 13.1). */
final class Conditions {
  private static final Pattern CONTRACT_ETAG = Pattern.compile("\"[1-9]\\d{0,15}\"");

  private Conditions() {}

  static Precondition of(RequestHeaders headers) {
    return of(headers.ifMatch(), headers.ifNoneMatch());
  }

  /** The conditions in the texts of the two headers, each absent when not asked. */
  static Precondition of(@Nullable String match, @Nullable String noneMatch) {
    if (match == null && noneMatch == null) {
      return Precondition.NONE;
    }
    return new Precondition(
        match == null ? null : tags("If-Match", match, false),
        noneMatch == null ? null : tags("If-None-Match", noneMatch, true));
  }

  /**
   * Whether a read is answered with the value, rather than that it is not modified.
   *
   * @throws ProblemException when {@code If-Match} does not hold
   */
  static boolean modified(EntryId id, Precondition precondition, EntryView view) {
    if (!matches(precondition, view.version())) {
      throw Refusals.problem(
              id, Refusal.of(Refusal.Reason.PRECONDITION_FAILED, view.version(), view.expiresAt()))
          .exception();
    }
    return noneMatches(precondition, view.version());
  }

  /** Whether {@code If-Match} alone holds. */
  private static boolean matches(Precondition precondition, Version current) {
    return new Precondition(precondition.ifMatch(), null).holds(current);
  }

  /** Whether {@code If-None-Match} alone holds. */
  private static boolean noneMatches(Precondition precondition, Version current) {
    return new Precondition(null, precondition.ifNoneMatch()).holds(current);
  }

  /** The conditions of a request about a contract, whose tags are its versions. */
  static ContractPrecondition ofContract(RequestHeaders headers) {
    String match = headers.ifMatch();
    String noneMatch = headers.ifNoneMatch();
    return match == null && noneMatch == null
        ? ContractPrecondition.NONE
        : new ContractPrecondition(
            match == null ? null : contractTags("If-Match", match, false),
            noneMatch == null ? null : contractTags("If-None-Match", noneMatch, true));
  }

  private static ContractPrecondition.Tags contractTags(String name, String text, boolean weakly) {
    if (text.strip().equals("*")) {
      return ContractPrecondition.Tags.ANY;
    }
    Set<Long> versions = new HashSet<>();
    for (String etag : etags(name, text, weakly)) {
      if (CONTRACT_ETAG.matcher(etag).matches()) {
        versions.add(Long.valueOf(etag.substring(1, etag.length() - 1)));
      }
    }
    return new ContractPrecondition.Tags(false, versions);
  }

  private static Precondition.Tags tags(String name, String text, boolean weakly) {
    if (text.strip().equals("*")) {
      return Precondition.Tags.ANY;
    }
    Set<Version> versions = new HashSet<>();
    for (String etag : etags(name, text, weakly)) {
      Version.fromEtag(etag).ifPresent(versions::add);
    }
    return new Precondition.Tags(false, versions);
  }

  /**
   * Reads a list of entity tags, with their quotes.
   *
   * @param weakly whether a weak tag counts: {@code If-None-Match} compares weakly, {@code
   *     If-Match} strongly
   */
  private static List<String> etags(String name, String text, boolean weakly) {
    List<String> etags = new ArrayList<>(1);
    int at = skipSpace(text, 0);
    boolean none = true;
    while (at < text.length()) {
      boolean weak = text.startsWith("W/", at);
      int open = weak ? at + 2 : at;
      int close = closingQuote(name, text, open);
      none = false;
      if (!weak || weakly) {
        etags.add(text.substring(open, close + 1));
      }
      at = skipComma(name, text, close + 1);
    }
    if (none) {
      throw malformed(name);
    }
    return etags;
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
