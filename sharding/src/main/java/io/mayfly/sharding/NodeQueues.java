package io.mayfly.sharding;

import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.pressure.Fill;
import io.mayfly.protocol.pressure.Queues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The queues of this node, as its commands under way fill them. */
final class NodeQueues implements Queues {
  private final Underway underway;
  private final Contracts contracts;
  private final Map<String, Supplier<Fill>> others;

  /**
   * The queues of a node.
   *
   * @param others further ones by name
   */
  NodeQueues(Underway underway, Contracts contracts, Map<String, Supplier<Fill>> others) {
    this.underway = underway;
    this.contracts = contracts;
    this.others = others;
  }

  @Override
  public boolean crowded() {
    return underway.crowded(System.nanoTime());
  }

  @Override
  public Fill of(EntryId id) {
    return key(id, id.namespace());
  }

  @Override
  public Fill of(LeaseId id) {
    return key(id, id.namespace());
  }

  @Override
  public Fill of(String namespace) {
    return new Fill(underway.depth(namespace), contracts.of(namespace).limits().inFlight());
  }

  private Fill key(Object key, String namespace) {
    return new Fill(underway.depthOf(key), contracts.of(namespace).limits().queuePerKey());
  }

  @Override
  public Map<String, Fill> fullest() {
    Map<String, Fill> fullest = new LinkedHashMap<>();
    Fill namespace = Fill.NONE;
    for (String name : underway.namespaces()) {
      namespace = namespace.max(of(name));
    }
    Fill key = Fill.NONE;
    for (Object busy : underway.keys()) {
      key = key.max(busy instanceof EntryId id ? of(id) : of((LeaseId) busy));
    }
    fullest.put("namespace", namespace);
    fullest.put("key", key);
    others.forEach((name, fill) -> fullest.put(name, fill.get()));
    return fullest;
  }
}
