/** Damage to what lies on disk. */
@NullMarked
package io.mayfly.multinode.fault;

import org.jspecify.annotations.NullMarked;
