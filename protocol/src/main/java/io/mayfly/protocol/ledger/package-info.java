/**
 * The ledger: an ordered, durable index of what the journal says. It answers what is listed and
 * what falls due, and is never a second truth.
 */
@NullMarked
package io.mayfly.protocol.ledger;

import org.jspecify.annotations.NullMarked;
