/** The direct way to keys of other nodes: connections that carry requests and replies alone. */
@NullMarked
package io.mayfly.sharding.peer;

import org.jspecify.annotations.NullMarked;
