package io.mayfly.actors.lease;

import java.time.Duration;

/**
 * The bounds of every resource on a node.
 *
 * @param queueMax the most acquires that wait for one resource
 * @param holdersMax the most leases of one resource that stand or rest
 * @param waitMax the longest wait that an acquire may ask for
 */
public record LeaseLimits(int queueMax, int holdersMax, Duration waitMax) {}
