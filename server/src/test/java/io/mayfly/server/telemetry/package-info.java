/** Tests of what a node tells of itself. */
@NullMarked
package io.mayfly.server.telemetry;

import org.jspecify.annotations.NullMarked;
