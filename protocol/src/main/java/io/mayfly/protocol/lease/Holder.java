package io.mayfly.protocol.lease;

import io.mayfly.protocol.WireMessage;
import java.time.Instant;

/**
 * One lease that stands, as everybody may see it. What is missing is the lease id, which only its
 * holder knows.
 *
 * @param token the fencing token, greater than every earlier one of the resource
 */
public record Holder(String holder, int permits, long token, Instant expiresAt)
    implements WireMessage {}
