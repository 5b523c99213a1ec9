/** Heap per resident and per passivated key. */
@NullMarked
package io.mayfly.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
