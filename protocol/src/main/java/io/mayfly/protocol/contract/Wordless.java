package io.mayfly.protocol.contract;

import org.jspecify.annotations.Nullable;

/** A failure without its words: of which kind it was, and where, and the same of its causes. */
final class Wordless extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int CAUSES_MAX = 16;

  private Wordless(Throwable failure, @Nullable Wordless cause) {
    super(failure.getClass().getName(), cause);
    setStackTrace(failure.getStackTrace());
  }

  static Wordless of(Throwable failure) {
    return of(failure, CAUSES_MAX);
  }

  private static Wordless of(Throwable failure, int causesMax) {
    Throwable cause = failure.getCause();
    return new Wordless(failure, cause == null || causesMax == 0 ? null : of(cause, causesMax - 1));
  }
}
