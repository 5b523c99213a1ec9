/** What a node tells of its work, so that it can be counted. */
@NullMarked
package io.mayfly.protocol.telemetry;

import org.jspecify.annotations.NullMarked;
