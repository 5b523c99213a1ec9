package io.mayfly.http.caller;

import io.mayfly.protocol.entry.EntryId;

/**
 * The namespaces that a caller is let into: one by its name, those with a prefix ({@code cart-*}),
 * or all ({@code *}).
 *
 * @param text the name or prefix, without the star
 */
record NamespacePattern(String text, boolean prefix) {
  static final NamespacePattern ALL = new NamespacePattern("", true);

  /** Reads a pattern; throws {@link IllegalArgumentException} when it can match no namespace. */
  static NamespacePattern parse(String pattern) {
    boolean prefix = pattern.endsWith("*");
    String text = prefix ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (!(prefix && text.isEmpty())) {
      try {
        EntryId.requireNamespace(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "namespaces: " + pattern + " (expected: a namespace, a prefix as cart-*, or *)", e);
      }
    }
    return new NamespacePattern(text, prefix);
  }

  boolean matches(String namespace) {
    return prefix ? namespace.startsWith(text) : namespace.equals(text);
  }
}
