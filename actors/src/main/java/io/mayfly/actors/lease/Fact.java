package io.mayfly.actors.lease;

import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.lease.Holder;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import io.mayfly.protocol.lease.LeaseId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What every event of a resource says.
 *
 * @param origin who caused it
 * @param wakeBeforeMillis the wake-up that stood before the event, or 0
 * @param wakeAfterMillis the wake-up that stands after it, or 0
 * @param disuseMillis how long the resource stands from now on when nobody uses it
 * @param historyMax how many events the resource remembers from now on; at least 1 is kept
 * @param forced whether the event must be on disk before it is acknowledged
 * @param mark what the request asks the resource to remember; absent when nothing
 */
public record Fact(
    LeaseId id,
    long atMillis,
    Origin origin,
    long wakeBeforeMillis,
    long wakeAfterMillis,
    long disuseMillis,
    int historyMax,
    boolean forced,
    @Nullable Mark mark) {

  /** A line of the resource's story about one of its leases. */
  LeaseHistoryEvent line(LeaseHistoryEvent.Kind kind, Holder lease, long lateMillis) {
    return new LeaseHistoryEvent(
        kind, Instant.ofEpochMilli(atMillis), origin, lease, /* capacity= */ 0, lateMillis);
  }

  Fact waking(long millis) {
    return new Fact(
        id, atMillis, origin, wakeBeforeMillis, millis, disuseMillis, historyMax, forced, mark);
  }
}
