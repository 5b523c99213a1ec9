package io.mayfly.cli.client;

/** What the process tells its caller when it ends. */
public enum ExitCode {
  /** Done. */
  OK(0, "done"),
  /** The server refused for a reason that has no code of its own. */
  REFUSED(1, "the server refused (the message says why)"),
  /** The command line or its input is not usable; nothing was sent. */
  USAGE(2, "the command line or its input is not usable; nothing was sent"),
  /** There is no such entry, lease or contract, or no longer. */
  ABSENT(3, "there is no such entry, lease or contract, or no longer (404, 410)"),
  /** A condition does not hold, or somebody else was first. */
  CONFLICT(4, "a condition does not hold, or somebody else was first (409, 412, 428)"),
  /** The server is too busy, also after retries; nothing was done. */
  BUSY(5, "the server is too busy, also after retries; nothing was done (429, 503)"),
  /** No server was reached; nothing was done. */
  UNREACHABLE(6, "no server was reached; nothing was done"),
  /** Nobody can say whether it was done. */
  UNKNOWN(7, "nobody can say whether it was done (504, or no answer in time)"),
  /** The caller has no right to this. */
  FORBIDDEN(8, "the caller has no right to this (401, 403)"),
  /** Of many, some were refused or differ. */
  PARTIAL(9, "of many operations some were refused, or some keys differ"),
  /** The lease was lost, and the program that ran under it was killed. */
  LEASE_LOST(120, "lease run: the lease was lost, and the program was killed"),
  /** The program could not be started. */
  NOT_STARTED(127, "lease run: the program could not be started");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number. */
  public int code() {
    return code;
  }

  /** What it says, in a few words. */
  public String meaning() {
    return meaning;
  }

  /** The code of a refusal with this status. */
  public static ExitCode ofStatus(int status) {
    return switch (status) {
      case 404, 410 -> ABSENT;
      case 409, 412, 428 -> CONFLICT;
      case 429, 503 -> BUSY;
      case 504 -> UNKNOWN;
      case 401, 403 -> FORBIDDEN;
      default -> REFUSED;
    };
  }
}
