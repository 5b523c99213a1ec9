/** The load benchmarks: one command line, a sub-command per question. */
@NullMarked
package io.mayfly.benchmarks;

import org.jspecify.annotations.NullMarked;
