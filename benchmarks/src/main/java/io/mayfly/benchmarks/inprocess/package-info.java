/** Commands to a node in this very JVM: what Mayfly costs without HTTP. */
@NullMarked
package io.mayfly.benchmarks.inprocess;

import org.jspecify.annotations.NullMarked;
