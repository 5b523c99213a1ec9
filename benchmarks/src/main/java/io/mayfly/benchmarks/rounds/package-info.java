/** Rounds over a damaged ledger: whether they find what was planted, and what they cost. */
@NullMarked
package io.mayfly.benchmarks.rounds;

import org.jspecify.annotations.NullMarked;
