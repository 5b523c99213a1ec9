package io.mayfly.persistence.postgresql;

import java.sql.SQLException;

/** The database did not do what it was asked for, or cannot be reached. */
final class StoreFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Classes of SQLSTATE: connection exceptions, and a server that is not there for requests. */
  private static final String CONNECTION = "08";

  private static final String OPERATOR = "57";

  StoreFailedException(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  /** Whether the fault is with the database and not with what it was asked. */
  static boolean gone(SQLException failure) {
    String state = failure.getSQLState();
    return state == null || state.startsWith(CONNECTION) || state.startsWith(OPERATOR);
  }
}
