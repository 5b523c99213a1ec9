/**
 * The lease: permits of a named resource, held for a bounded time under a fencing token.
 *
 * <pre>
 *   Absent ──define, acquire──► Standing ──tombstone of disuse──► Absent
 *                                 │  ▲
 *                                 └──┘ acquire, renew, release, deadline
 * </pre>
 *
 * All rules are in the two states, as {@code (command, situation) → decision}, and in the events,
 * as {@code state → state}. {@link io.mayfly.actors.lease.LeaseEntity} hosts them and has no rules
 * of its own. Who waits is no part of the state: the queue is handed in with the situation and
 * comes back with the decision, and is never written. A grant is written before it is announced, so
 * that a waiter that is lost with its node never holds anything.
 *
 * <p>Invariants: at {@code now ≥ deadline} a lease holds nothing, whatever a timer did. New leases
 * are given only from permits that are neither held nor resting. Grants happen in the order of the
 * queue. Tokens of one resource strictly grow, also over its purge. A resource that nobody holds,
 * waits for or used for its time of disuse leaves nothing behind.
 */
@NullMarked
package io.mayfly.actors.lease;

import org.jspecify.annotations.NullMarked;
