package io.mayfly.cli.client;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The target of a request: path and query, each part percent-encoded as it is added. */
public final class Target {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  private static final String HEX = "0123456789ABCDEF";

  private final String text;

  private Target(String text) {
    this.text = text;
  }

  /** A target below a fixed path. */
  public static Target of(String root, String... segments) {
    Target target = new Target(root);
    for (String segment : segments) {
      target = target.then(encoded(segment));
    }
    return target;
  }

  /** An entry. */
  public static Target entry(String namespace, String key) {
    return of("/v1/state", namespace, key);
  }

  /** The same with a fixed part at the end of the path: {@code touch}. */
  public Target then(String part) {
    return new Target(text + '/' + part);
  }

  /** The same with a parameter; left out when its value is null. */
  public Target with(String name, @Nullable Object value) {
    char joint = text.indexOf('?') < 0 ? '?' : '&';
    return value == null ? this : new Target(text + joint + name + '=' + encoded(value.toString()));
  }

  private static String encoded(String part) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf(b) >= 0 && b > 0) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX.charAt((b & 0xf0) >> 4)).append(HEX.charAt(b & 0xf));
      }
    }
    return encoded.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
