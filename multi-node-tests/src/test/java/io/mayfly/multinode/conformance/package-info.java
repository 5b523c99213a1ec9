/** A runner of the conformance vectors over plain HTTP. */
@NullMarked
package io.mayfly.multinode.conformance;

import org.jspecify.annotations.NullMarked;
