/** Pace and alarms: when work that a clock started is done. */
@NullMarked
package io.mayfly.actors.time;

import org.jspecify.annotations.NullMarked;
