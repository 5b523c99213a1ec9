/** Leases of named resources: locks and semaphores with deadlines and fencing tokens. */
@NullMarked
package io.mayfly.protocol.lease;

import org.jspecify.annotations.NullMarked;
