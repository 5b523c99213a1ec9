/**
 * Where keys live: the shard regions of entries, how they passivate, who wakes them, and the ports
 * over them.
 */
@NullMarked
package io.mayfly.sharding;

import org.jspecify.annotations.NullMarked;
