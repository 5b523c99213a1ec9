package io.mayfly.actors.lease;

/** Permits of a lease that ended, until their cooldown is over. */
record Resting(int permits, long untilMillis) {}
