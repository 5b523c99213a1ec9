package io.mayfly.server;

import org.jspecify.annotations.Nullable;

/** Why a server did not start. The message says what happened and what to do. */
final class StartFailure extends Exception {
  StartFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
