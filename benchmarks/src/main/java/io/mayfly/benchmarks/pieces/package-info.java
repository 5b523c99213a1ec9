/** JMH benchmarks of single pieces. */
@NullMarked
package io.mayfly.benchmarks.pieces;

import org.jspecify.annotations.NullMarked;
