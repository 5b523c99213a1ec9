package io.mayfly.sharding;

import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;

/**
 * Finds the shard of a request without an envelope: the request carries its own address.
 *
 * <p>Shards keep their keys in hash maps, whose buckets are the low bits of a hash. A shard that
 * was chosen by the same bits would have all its keys in a few buckets, so others choose.
 */
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
    return shardIds[shard(entityId, shardIds.length)];
  }

  /** The shard of an address, from 0. */
  static int shard(String address, int shards) {
    return Integer.remainderUnsigned(mixed(address.hashCode()), shards);
  }

  /** The finalizer of MurmurHash3: each bit depends on all bits of the hash. */
  private static int mixed(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    mixed = (mixed ^ (mixed >>> 13)) * 0xC2B2AE35;
    return mixed ^ (mixed >>> 16);
  }

  @Override
  public M unwrapMessage(M request) {
    return request;
  }
}
