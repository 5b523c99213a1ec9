package io.mayfly.sharding;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestExtractorTest {
  private static final int SHARDS = 256;
  private static final int KEYS = 100_000;

  private final RequestExtractor<String> extractor =
      new RequestExtractor<>(SHARDS, Function.identity());

  @Test
  void shardId_manyKeys_everyShardHasItsPart() {
    Map<String, Long> sizes = keys().stream().collect(groupingBy(extractor::shardId, counting()));

    assertThat(sizes).hasSize(SHARDS);
    assertThat(sizes.values()).allMatch(size -> size > KEYS / SHARDS / 2);
    assertThat(sizes.values()).allMatch(size -> size < KEYS / SHARDS * 2);
  }

  /** Thrown at random, so many keys lie in {@code 1 - 1/e^(keys/buckets)} of all buckets. */
  @Test
  void shardId_keysOfOneShard_lieInAsManyBucketsAsByChance() {
    int buckets = 512;

    for (int shard = 0; shard < SHARDS; shard++) {
      String id = Integer.toString(shard);
      List<String> keys = keys().stream().filter(key -> extractor.shardId(key).equals(id)).toList();

      long used = keys.stream().mapToInt(key -> bucket(key, buckets)).distinct().count();

      double byChance = buckets * (1 - Math.exp(-keys.size() / (double) buckets));
      assertThat(used).as("buckets of shard %s", id).isGreaterThan((long) (byChance * 0.8));
    }
  }

  private static List<String> keys() {
    return IntStream.range(0, KEYS).mapToObj(i -> "carts/cart-" + i).toList();
  }

  /** Where both Java's and Scala's hash maps put a key. */
  private static int bucket(String key, int buckets) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  }
}
