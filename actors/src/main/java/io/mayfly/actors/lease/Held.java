package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.Holder;
import io.mayfly.protocol.lease.LeaseReply.Granted;
import java.time.Instant;

/**
 * A lease that has not ended.
 *
 * @param expiresAtMillis the deadline: from this instant it holds nothing
 */
record Held(String leaseId, String holder, int permits, long token, long expiresAtMillis) {
  boolean overdue(long nowMillis) {
    return nowMillis >= expiresAtMillis;
  }

  Held until(long millis) {
    return new Held(leaseId, holder, permits, token, millis);
  }

  Holder shown() {
    return new Holder(holder, permits, token, Instant.ofEpochMilli(expiresAtMillis));
  }

  Granted granted(int capacity) {
    return new Granted(
        leaseId,
        token,
        holder,
        permits,
        Instant.ofEpochMilli(expiresAtMillis),
        capacity,
        /* replayed= */ false);
  }
}
