package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.LeaseCommand.Acquire;

/**
 * An acquire that waits for its turn.
 *
 * @param untilMillis when its patience ends
 */
record Waiter(Acquire acquire, long untilMillis) {
  boolean is(String nonce) {
    return acquire.nonce().equals(nonce);
  }
}
