package io.mayfly.persistence.postgresql;

/**
 * Somebody else has written to the key since its actor recovered: the actor is not, or no longer,
 * the key's only one. Nothing was changed; the actor must recover.
 */
final class StaleWriterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StaleWriterException(String persistenceId, long sequenceNr) {
    super(
        "the history of " + persistenceId + " does not end before " + sequenceNr,
        null,
        false,
        false);
  }
}
