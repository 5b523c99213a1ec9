package io.mayfly.actors.lease;

/** The id of a lease that was released, while it is remembered. */
record Bygone(String leaseId, long untilMillis) {}
