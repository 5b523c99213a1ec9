package io.mayfly.actors.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;

/**
 * A regular expression whose search takes time linear in the text (RE2). One that backtracks could
 * keep a thread for ever on a short text.
 */
final class LinearPattern implements RegularExpression {
  /** The most characters of a pattern. */
  static final int LENGTH_MAX = 512;

  private final Pattern pattern;

  private LinearPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Reads a pattern.
   *
   * @throws PatternSyntaxException when it is none, or one that only backtracking can serve
   */
  static LinearPattern of(String text) {
    return new LinearPattern(Pattern.compile(text));
  }

  @Override
  public boolean matches(String text) {
    return pattern.matcher(text).find();
  }
}
