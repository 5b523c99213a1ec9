package io.mayfly.actors.lease;

import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Telemetry;

/** What one resource adds to the counts of its node. */
final class LeaseCount {
  private final String namespace;
  private final Telemetry telemetry;
  private long startedNanos = System.nanoTime();
  private long writingNanos;
  private int held;

  LeaseCount(String namespace, Telemetry telemetry) {
    this.namespace = namespace;
    this.telemetry = telemetry;
  }

  /** The resource is as it was stored. */
  void recovered(LeaseState state) {
    if (startedNanos != 0) {
      telemetry.recovered(Kind.LEASE, System.nanoTime() - startedNanos);
      startedNanos = 0;
    }
    holds(state.resource().holders().size());
  }

  /** Events go to the journal, if there are any. */
  void writing(Decision decision) {
    writingNanos = decision.events().isEmpty() ? 0 : System.nanoTime();
  }

  /** The journal has them. */
  void written(LeaseState state) {
    if (writingNanos != 0) {
      telemetry.written(Kind.LEASE, System.nanoTime() - writingNanos);
      holds(state.resource().holders().size());
    }
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
