/** How full the queues of a node are. */
@NullMarked
package io.mayfly.protocol.pressure;

import org.jspecify.annotations.NullMarked;
