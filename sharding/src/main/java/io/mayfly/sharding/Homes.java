package io.mayfly.sharding;

import io.mayfly.protocol.entry.EntryId;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.pekko.actor.Address;
import org.jspecify.annotations.Nullable;

/**
 * Which other node has each shard of one kind, as far as its replies have told. It may be wrong
 * when a shard has moved: who is asked then answers so.
 */
final class Homes {
  private final AtomicReferenceArray<@Nullable Address> homes;

  /** Nothing is known yet. */
  Homes(int shards) {
    this.homes = new AtomicReferenceArray<>(shards);
  }

  /** The node of a key; absent when it is unknown, or this one. */
  @Nullable Address of(EntryId id) {
    return homes.get(shard(id));
  }

  /** A node has answered for a key; absent when it was this one. */
  void learn(EntryId id, @Nullable Address home) {
    homes.set(shard(id), home);
  }

  /** A node no longer has a key. */
  void forget(EntryId id, Address home) {
    int shard = shard(id);
    Address known = homes.get(shard);
    if (home.equals(known)) {
      homes.compareAndSet(shard, known, null);
    }
  }

  private int shard(EntryId id) {
    return RequestExtractor.shard(id.text(), homes.length());
  }
}
