/** Many watchers of one namespace: whether they see everything, and how soon. */
@NullMarked
package io.mayfly.benchmarks.watch;

import org.jspecify.annotations.NullMarked;
