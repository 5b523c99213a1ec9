/** What a cluster costs: the hop to the node of a key, and one to several nodes side by side. */
@NullMarked
package io.mayfly.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
