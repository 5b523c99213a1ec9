/** What a lease costs: pairs of acquire and release beside journaled writes. */
@NullMarked
package io.mayfly.benchmarks.lease;

import org.jspecify.annotations.NullMarked;
