package io.mayfly.actors.lease;

import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Telemetry;

/** What one resource adds to the counts of its node. */
final class LeaseCount {
  private final String namespace;
  private final Telemetry telemetry;
  private int held;

  LeaseCount(String namespace, Telemetry telemetry) {
    this.namespace = namespace;
    this.telemetry = telemetry;
  }

  /** The resource is in memory, with as many leases. */
  void holds(LeaseState state) {
    holds(state.resource().holders().size());
  }

  /** A snapshot was stored. */
  void snapshotStored() {
    telemetry.snapshotStored(Kind.LEASE);
  }

  /** The resource left the memory, with its leases. */
  void stopped() {
    holds(0);
    telemetry.passivated(Kind.LEASE);
  }

  private void holds(int count) {
    if (count != held) {
      telemetry.leasesHeld(namespace, count - held);
      held = count;
    }
  }
}
