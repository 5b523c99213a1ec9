/** Clients that write, and remember what was acknowledged. */
@NullMarked
package io.mayfly.multinode.traffic;

import org.jspecify.annotations.NullMarked;
