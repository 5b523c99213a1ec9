package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Durability;
import java.time.Instant;

/**
 * A readable entry at one revision.
 *
 * @param version the revision shown, which is the current one unless an older was asked for
 */
public record EntryView(
    Version version,
    Instant createdAt,
    Instant updatedAt,
    Instant expiresAt,
    Durability durability,
    Value value)
    implements WireMessage {}
