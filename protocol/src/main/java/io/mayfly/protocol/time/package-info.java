/** Time as an argument: the one clock, and durations as people write them. */
@NullMarked
package io.mayfly.protocol.time;

import org.jspecify.annotations.NullMarked;
