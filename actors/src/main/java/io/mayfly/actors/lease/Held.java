package io.mayfly.actors.lease;

import io.mayfly.protocol.lease.Holder;
import io.mayfly.protocol.lease.LeaseReply.Granted;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A lease that has not ended.
 *
 * @param expiresAtMillis the deadline: from this instant it holds nothing
 * @param traceparent the trace context of the acquire; absent when it named none
 */
record Held(
    String leaseId,
    String holder,
    int permits,
    long token,
    long expiresAtMillis,
    @Nullable String traceparent) {
  boolean overdue(long nowMillis) {
    return nowMillis >= expiresAtMillis;
  }

  Held until(long millis) {
    return new Held(leaseId, holder, permits, token, millis, traceparent);
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
