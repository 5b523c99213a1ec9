/**
 * Actors whose state is what their events make of it, one per key: lighter than Pekko's own, since
 * there are millions of them (ADR 0021).
 */
@NullMarked
package io.mayfly.actors.journal;

import org.jspecify.annotations.NullMarked;
