/** Requests whose body and answer are streams of lines, and what they cost in memory. */
@NullMarked
package io.mayfly.benchmarks.stream;

import org.jspecify.annotations.NullMarked;
