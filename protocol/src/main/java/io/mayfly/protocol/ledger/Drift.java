package io.mayfly.protocol.ledger;

import java.util.Locale;

/**
 * How the ledger can differ from the journal. A row under a wrong deadline is one that is missing
 * and one that is extra.
 */
public enum Drift {
  /** No row by key of an entry that stands. */
  MISSING_LISTING,
  /** A row by key of an entry that does not stand. */
  EXTRA_LISTING,
  /** A row by key with another version or deadline. */
  WRONG_LISTING,
  /** No row by deadline of an entry that stands. */
  MISSING_EXPIRY,
  /** A row by deadline where the entry has none. */
  EXTRA_EXPIRY,
  /** A row by deadline with another version. */
  WRONG_EXPIRY,
  /** No wake-up of a key that must be woken. */
  MISSING_WAKE,
  /** A wake-up of a key that need not be woken then. */
  EXTRA_WAKE,
  /** A key whose events cannot be read, so that nothing can be said or repaired. */
  UNREADABLE;

  private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name in documents and logs. */
  public String text() {
    return text;
  }

  /** Whether it can be repaired. */
  public boolean repairable() {
    return this != UNREADABLE;
  }
}
