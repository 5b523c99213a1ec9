package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Durability;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A readable entry at one revision.
 *
 * @param version the revision shown, which is the current one unless an older was asked for
 * @param versionVector what the entry has seen; absent where the contract orders otherwise
 */
public record EntryView(
    Version version,
    Instant createdAt,
    Instant updatedAt,
    Instant expiresAt,
    Durability durability,
    Value value,
    @Nullable VersionVector versionVector)
    implements WireMessage {
  /** A view of an entry without a version vector. */
  public EntryView(
      Version version,
      Instant createdAt,
      Instant updatedAt,
      Instant expiresAt,
      Durability durability,
      Value value) {
    this(version, createdAt, updatedAt, expiresAt, durability, value, null);
  }

  /** The same view with a version vector. */
  public EntryView with(@Nullable VersionVector other) {
    return new EntryView(version, createdAt, updatedAt, expiresAt, durability, value, other);
  }
}
