package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Durability;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an accepted mutation left behind. When it arrives, the effect is as durable as it says.
 *
 * @param expiresAt the deadline; of a deleted entry, the instant of its end
 * @param versionVector what the entry has seen; absent where the contract orders otherwise
 */
public record Receipt(
    Version version,
    Instant createdAt,
    Instant updatedAt,
    Instant expiresAt,
    Durability durability,
    Outcome outcome,
    @Nullable VersionVector versionVector)
    implements WireMessage {
  /** A receipt of an entry without a version vector. */
  public Receipt(
      Version version,
      Instant createdAt,
      Instant updatedAt,
      Instant expiresAt,
      Durability durability,
      Outcome outcome) {
    this(version, createdAt, updatedAt, expiresAt, durability, outcome, null);
  }

  /** The same receipt for another outcome. */
  public Receipt with(Outcome other) {
    return new Receipt(version, createdAt, updatedAt, expiresAt, durability, other, versionVector);
  }

  /** The same receipt with a version vector. */
  public Receipt with(@Nullable VersionVector other) {
    return new Receipt(version, createdAt, updatedAt, expiresAt, durability, outcome, other);
  }
}
