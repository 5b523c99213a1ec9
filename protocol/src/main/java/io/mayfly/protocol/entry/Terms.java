package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;

/** What every mutation carries besides its own argument. */
public record Terms(Lifespan lifespan, Precondition precondition, Origin origin)
    implements WireMessage {
  /** No wish, no condition, nobody known. */
  public static final Terms NONE =
      new Terms(Lifespan.UNSPECIFIED, Precondition.NONE, Origin.UNKNOWN);

  /** The same terms with another lifespan. */
  public Terms with(Lifespan other) {
    return new Terms(other, precondition, origin);
  }

  /** The same terms with another precondition. */
  public Terms with(Precondition other) {
    return new Terms(lifespan, other, origin);
  }
}
