/**
 * The HTTP gateway: HTTP to commands, replies to HTTP, and nothing else.
 *
 * <p>One way through: request target and headers are parsed, the route is found in one table, the
 * body is read within its limits, a command goes through a port, and its reply becomes a response
 * by one total table. Bad input ends as a problem before a command exists.
 */
@NullMarked
package io.mayfly.http;

import org.jspecify.annotations.NullMarked;
