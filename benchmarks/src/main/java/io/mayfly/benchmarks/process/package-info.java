/** Servers under measurement, each a process of its own, and what they use. */
@NullMarked
package io.mayfly.benchmarks.process;

import org.jspecify.annotations.NullMarked;
