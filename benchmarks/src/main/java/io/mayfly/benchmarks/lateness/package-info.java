/** How punctual ends are. */
@NullMarked
package io.mayfly.benchmarks.lateness;

import org.jspecify.annotations.NullMarked;
