package io.mayfly.http.caller;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a caller may do in a namespace. No right implies another. */
public enum Right {
  /** To see entries, leases, contracts, and what happens to them. */
  READ,
  /** To change entries and leases. */
  WRITE,
  /** To change contracts. */
  ADMIN;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The word in configurations and documents. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }

  /** The right of this word; absent when it names none. */
  static @Nullable Right of(String word) {
    for (Right right : values()) {
      if (right.text.equals(word)) {
        return right;
      }
    }
    return null;
  }
}
