package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The name of one entry: a key in a namespace.
 *
 * @param namespace 1 to 63 characters of {@code [a-z0-9._-]}, the first a letter or digit
 * @param key 1 to 512 bytes of UTF-8 without control characters, neither {@code .} nor {@code ..}
 */
public record EntryId(String namespace, String key) implements WireMessage {
  /** The most bytes of UTF-8 that a key may have. */
  public static final int KEY_BYTES_MAX = 512;

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  public EntryId {
    requireNamespace(namespace);
    requireKey(key);
  }

  /** Reads {@link #text()} back. */
  public static EntryId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("entry id: " + text + " (expected: namespace/key)");
    }
    return new EntryId(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Namespace and key joined by the slash that no namespace contains. */
  public String text() {
    return namespace + '/' + key;
  }

  /** Throws {@link IllegalArgumentException} unless the argument is a namespace. */
  public static void requireNamespace(String namespace) {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          "namespace: " + namespace + " (expected: [a-z0-9][a-z0-9._-]{0,62})");
    }
  }

  /** Throws {@link IllegalArgumentException} unless the argument is a key. */
  public static void requireKey(String key) {
    if (key.isEmpty() || utf8Length(key) > KEY_BYTES_MAX) {
      throw new IllegalArgumentException("key: expected 1 to 512 bytes of UTF-8");
    }
    if (key.equals(".") || key.equals("..")) {
      throw new IllegalArgumentException("key: . and .. are not keys");
    }
    for (int i = 0; i < key.length(); i++) {
      if (Character.isISOControl(key.charAt(i))) {
        throw new IllegalArgumentException("key: expected no control characters");
      }
    }
    if (key.codePoints().anyMatch(EntryId::isLoneSurrogate)) {
      throw new IllegalArgumentException("key: expected UTF-8, which has no lone surrogates");
    }
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static int utf8Length(String key) {
    return key.length() > KEY_BYTES_MAX
        ? key.length()
        : key.getBytes(StandardCharsets.UTF_8).length;
  }
}
