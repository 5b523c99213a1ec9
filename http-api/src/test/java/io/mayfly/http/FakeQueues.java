package io.mayfly.http;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.pressure.Fill;
import io.mayfly.protocol.pressure.Queues;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Queues as full as a test says. */
final class FakeQueues implements Queues {
  final Map<Object, Long> depths = new ConcurrentHashMap<>();

  @Override
  public boolean crowded() {
    return !depths.isEmpty();
  }

  private Fill fill(Object queue) {
    return new Fill(depths.getOrDefault(queue, 0L), 0);
  }

  @Override
  public Fill of(EntryId id) {
    return fill(id);
  }

  @Override
  public Fill of(LeaseId id) {
    return fill(id);
  }

  @Override
  public Fill of(String namespace) {
    return fill(namespace);
  }

  @Override
  public Map<String, Fill> fullest() {
    return Map.of("key", new Fill(7, 256));
  }
}
