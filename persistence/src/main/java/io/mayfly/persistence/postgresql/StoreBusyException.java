package io.mayfly.persistence.postgresql;

/** A request that the store did not begin: nothing was changed. */
final class StoreBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreBusyException(String reason) {
    super("the store did not begin the request: " + reason, null, false, false);
  }
}
