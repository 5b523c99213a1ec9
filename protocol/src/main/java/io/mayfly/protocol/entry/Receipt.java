package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Durability;
import java.time.Instant;

/**
 * What an accepted mutation left behind. When it arrives, the effect is as durable as it says.
 *
 * @param expiresAt the deadline; of a deleted entry, the instant of its end
 */
public record Receipt(
    Version version,
    Instant createdAt,
    Instant updatedAt,
    Instant expiresAt,
    Durability durability,
    Outcome outcome)
    implements WireMessage {}
