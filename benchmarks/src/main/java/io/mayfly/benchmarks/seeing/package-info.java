/** What seeing it costs, and how fast a life story is told. */
@NullMarked
package io.mayfly.benchmarks.seeing;

import org.jspecify.annotations.NullMarked;
