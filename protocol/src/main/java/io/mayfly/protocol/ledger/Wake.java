package io.mayfly.protocol.ledger;

import io.mayfly.protocol.WireMessage;
import java.time.Instant;

/**
 * A key that falls due.
 *
 * @param persistenceId the key's name in the journal
 * @param at when it falls due
 */
public record Wake(String persistenceId, Instant at) implements WireMessage {
  /** The place before every wake-up at or after an instant. */
  public static Wake before(Instant at) {
    return new Wake("", at);
  }
}
