package io.mayfly.http;

/** What the node says about itself. All methods are called often and must not block. */
public interface Health {

  /** Whether a node gets requests, and if not, why. */
  enum Readiness {
    /** It serves. */
    READY,
    /** It starts: what it needs is not there yet. */
    STARTING,
    /** Its store does not answer. */
    STORE_LOST,
    /** It does not see the majority of its cluster, or has not joined it. */
    NO_QUORUM,
    /** It is on its way down. */
    DRAINING
  }

  /** Whether the process works; when not, it should be restarted. */
  boolean live();

  /** Whether the node should get requests; not while it joins, drains or lacks its quorum. */
  boolean ready();

  /** The same, with the reason. */
  default Readiness readiness() {
    return ready() ? Readiness.READY : Readiness.DRAINING;
  }
}
