package io.mayfly.protocol.lease;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.RetryKey;
import org.jspecify.annotations.Nullable;

/**
 * What every change of a resource carries besides its own argument.
 *
 * @param retryKey by which a retry is recognized; absent when the request has none
 */
public record LeaseTerms(Origin origin, @Nullable RetryKey retryKey) implements WireMessage {
  /** Nobody known, and no key. */
  public static final LeaseTerms NONE = new LeaseTerms(Origin.UNKNOWN, null);

  /** The same terms under an idempotency key. */
  public LeaseTerms with(@Nullable RetryKey other) {
    return new LeaseTerms(origin, other);
  }
}
