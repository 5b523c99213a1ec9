/** Requests per second, latency and processor time, beside a bare server. */
@NullMarked
package io.mayfly.benchmarks.throughput;

import org.jspecify.annotations.NullMarked;
