package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import org.jspecify.annotations.Nullable;

/**
 * What every mutation carries besides its own argument.
 *
 * @param fence a fencing token from 1; 0 for none
 * @param stamp where the mutation stands among those of all producers
 * @param retryKey by which a retry is recognized; absent when the request has none
 */
public record Terms(
    Lifespan lifespan,
    Precondition precondition,
    Origin origin,
    long fence,
    @Nullable RetryKey retryKey,
    Stamp stamp)
    implements WireMessage {

  /** No wish, no condition, nobody known. */
  public static final Terms NONE =
      new Terms(Lifespan.UNSPECIFIED, Precondition.NONE, Origin.UNKNOWN, 0, null, Stamp.NONE);

  /** The same terms with another lifespan. */
  public Terms with(Lifespan other) {
    return new Terms(other, precondition, origin, fence, retryKey, stamp);
  }

  /** The same terms with another precondition. */
  public Terms with(Precondition other) {
    return new Terms(lifespan, other, origin, fence, retryKey, stamp);
  }

  /** The same terms from somebody else. */
  public Terms with(Origin other) {
    return new Terms(lifespan, precondition, other, fence, retryKey, stamp);
  }

  /** The same terms under a fencing token. */
  public Terms withFence(long other) {
    return new Terms(lifespan, precondition, origin, other, retryKey, stamp);
  }

  /** The same terms under an idempotency key. */
  public Terms with(@Nullable RetryKey other) {
    return new Terms(lifespan, precondition, origin, fence, other, stamp);
  }

  /** The same terms at another place. */
  public Terms with(Stamp other) {
    return new Terms(lifespan, precondition, origin, fence, retryKey, other);
  }
}
