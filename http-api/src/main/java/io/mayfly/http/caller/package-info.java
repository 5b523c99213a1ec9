/**
 * Who asks, and what they may do.
 *
 * <p>Callers prove themselves with bearer tokens (RFC 6750). The configuration holds only hashes of
 * them, so that a configuration which leaks opens no door.
 */
@NullMarked
package io.mayfly.http.caller;

import org.jspecify.annotations.NullMarked;
