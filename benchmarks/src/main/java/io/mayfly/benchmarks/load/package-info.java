/** Our own load generator: one thread, raw sockets, few microseconds per request. */
@NullMarked
package io.mayfly.benchmarks.load;

import org.jspecify.annotations.NullMarked;
