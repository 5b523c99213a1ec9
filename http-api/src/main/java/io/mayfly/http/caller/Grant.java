package io.mayfly.http.caller;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a token gives to whom.
 *
 * @param name 1 to 128 letters, digits and {@code . _ : @ / -}, the first a letter or digit
 * @param namespaces names, prefixes with a trailing star, or a star alone; at least one
 * @param rights at least one of {@code read}, {@code write}, {@code admin}
 */
public record Grant(String name, List<String> namespaces, List<String> rights) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}");

  /** Throws {@link IllegalArgumentException} when a part is not what it must be. */
  public Grant {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: expected 1 to 128 letters, digits and . _ : @ / - with a letter or digit first");
    }
    namespaces = List.copyOf(namespaces);
    rights = List.copyOf(rights);
    requireSome("namespaces", namespaces);
    requireSome("rights", rights);
    namespaces.forEach(NamespacePattern::parse);
    rights.forEach(Grant::right);
  }

  private static void requireSome(String list, List<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException(list + ": expected at least one");
    }
  }

  private static Right right(String word) {
    Right right = Right.of(word);
    if (right == null) {
      throw new IllegalArgumentException(
          "rights: " + word + " (expected: some of " + Arrays.toString(Right.values()) + ')');
    }
    return right;
  }

  /** The owner of the token. */
  Caller caller() {
    Set<Right> held = EnumSet.noneOf(Right.class);
    rights.forEach(word -> held.add(right(word)));
    return new Caller(name, namespaces.stream().map(NamespacePattern::parse).toList(), held);
  }

  /** The line of HOCON that adds a token with this grant to the configuration. */
  public String setting(Token token) {
    return ConfiguredTokens.PATH
        + " += { name = "
        + quoted(name)
        + ", hash = "
        + quoted(token.hash())
        + ", namespaces = "
        + quoted(namespaces)
        + ", rights = "
        + quoted(rights)
        + " }";
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(Grant::quoted).toList().toString();
  }
}
