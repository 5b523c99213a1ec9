/** Servers as processes: start, pause, kill, restart. */
@NullMarked
package io.mayfly.multinode.cluster;

import org.jspecify.annotations.NullMarked;
