/**
 * The engine: the real actors of several nodes in one actor system, on one thread, in virtual time.
 *
 * <p>All that may happen next stands in one {@link io.mayfly.testkit.sim.Agenda}: messages to
 * actors, and what a timer, the network or the journal will do at some virtual instant. Which of
 * those that may happen now comes first is drawn from the seed, and nothing else is: the same seed
 * gives the same run, event for event.
 *
 * <p>Real are the entities, their rules, the sweepers, the ports with their queues and the ledger's
 * reading. Simulated are shards, journal, network and clocks, and only these fail.
 */
@NullMarked
package io.mayfly.testkit.sim;

import org.jspecify.annotations.NullMarked;
