/**
 * What a node tells of itself: metrics and traces through Kamon, and log lines. Metrics carry
 * namespaces and never keys; traces and logs name keys as the contract's privacy allows.
 */
@NullMarked
package io.mayfly.server.telemetry;

import org.jspecify.annotations.NullMarked;
