package io.mayfly.server;

/** Why a server did not start. The message says what happened and what to do. */
final class StartFailure extends Exception {
  StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
