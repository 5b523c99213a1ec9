package io.mayfly.http;

import io.mayfly.http.caller.Right;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an operation needs of its caller. */
enum Need {
  /** Not even a token. */
  NONE(null),
  /** Any token; the handler asks for rights as it learns which namespaces the request is about. */
  ANY(null),
  /** The right to read. */
  READ(Right.READ),
  /** The right to write. */
  WRITE(Right.WRITE),
  /** The right to administer. */
  ADMIN(Right.ADMIN);

  private final @Nullable Right right;

  Need(@Nullable Right right) {
    this.right = right;
  }

  /** The word in the OpenAPI document. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The right; absent when the need is none or cannot be told yet. */
  @Nullable Right right() {
    return right;
  }
}
