package io.mayfly.sharding;

import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;

/** Finds the shard of a request without an envelope: the request carries its own address. */
final class RequestExtractor<M> extends ShardingMessageExtractor<M, M> {
  private final String[] shardIds;
  private final Function<M, String> address;

  /**
   * Finds shards.
   *
   * @param address where a request goes
   */
  RequestExtractor(int shards, Function<M, String> address) {
    this.shardIds = IntStream.range(0, shards).mapToObj(Integer::toString).toArray(String[]::new);
    this.address = address;
  }

  @Override
  public String entityId(M request) {
    return address.apply(request);
  }

  @Override
  public String shardId(String entityId) {
    int hash = entityId.hashCode();
    return shardIds[Math.floorMod(hash ^ (hash >>> 16), shardIds.length)];
  }

  @Override
  public M unwrapMessage(M request) {
    return request;
  }
}
