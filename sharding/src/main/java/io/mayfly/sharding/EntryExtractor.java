package io.mayfly.sharding;

import io.mayfly.actors.entry.EntryRequest;
import java.util.stream.IntStream;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;

/** Finds the shard of a request without an envelope: the request carries its own address. */
final class EntryExtractor extends ShardingMessageExtractor<EntryRequest, EntryRequest> {
  private final String[] shardIds;

  EntryExtractor(int shards) {
    this.shardIds = IntStream.range(0, shards).mapToObj(Integer::toString).toArray(String[]::new);
  }

  @Override
  public String entityId(EntryRequest request) {
    return request.id().text();
  }

  @Override
  public String shardId(String entityId) {
    int hash = entityId.hashCode();
    return shardIds[Math.floorMod(hash ^ (hash >>> 16), shardIds.length)];
  }

  @Override
  public EntryRequest unwrapMessage(EntryRequest request) {
    return request;
  }
}
