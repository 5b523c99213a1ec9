/** Encrypted connections by configuration: of clients to the gateway, and between nodes. */
@NullMarked
package io.mayfly.server.tls;

import org.jspecify.annotations.NullMarked;
