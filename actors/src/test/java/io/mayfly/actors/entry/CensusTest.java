package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A namespace that is full. */
final class CensusTest {
  private static final int LIMIT = 100;

  private static Situation situation(Durability durability) {
    Contract contract = Scene.CONTRACT.with(durability).with(new Limits(100, LIMIT, 256, 4_096, 0));
    long nowMillis = Scene.NOW.toEpochMilli();
    return new Situation(Scene.ID, contract, ValueRule.NONE, nowMillis, nowMillis, 0);
  }

  private static Decision creation(Situation situation) {
    return EntryState.initial().decide(Scene.put("1"), situation);
  }

  @Test
  void creations_atOnce_succeedExactlyToTheLimit() throws Exception {
    Census census = new Census(Map.of(), (namespace, surplus) -> {});
    Situation situation = situation(Durability.JOURNALED);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch begin = new CountDownLatch(1);

    List<Future<Integer>> creators = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      creators.add(
          threads.submit(
              () -> {
                begin.await();
                int created = 0;
                for (int n = 0; n < LIMIT; n++) {
                  Decision decision = census.count(creation(situation), situation);
                  created += decision.reply() instanceof Accepted ? 1 : 0;
                }
                return created;
              }));
    }
    begin.countDown();
    int created = 0;
    for (Future<Integer> creator : creators) {
      created += creator.get();
    }
    threads.shutdown();

    assertThat(created).isEqualTo(LIMIT);
    assertThat(census.of("ns")).isEqualTo(LIMIT);
  }

  @Test
  void creation_inFullNamespace_isRefusedUntilOneEnds() {
    Census census = new Census(Map.of("ns", (long) LIMIT), (namespace, surplus) -> {});
    Situation situation = situation(Durability.JOURNALED);
    Scene scene = new Scene();
    scene.send(Scene.put("1"));
    Decision end = scene.decide(Scene.delete());

    Decision refused = census.count(creation(situation), situation);
    census.count(end, situation);
    Decision admitted = census.count(creation(situation), situation);

    assertThat(refused.events()).isEmpty();
    assertThat(((Refusal) refused.reply()).violations().get(0).rule()).isEqualTo("limits.keys");
    assertThat(admitted.reply()).isInstanceOf(Accepted.class);
  }

  @Test
  void creation_inFullVolatileNamespace_evicts() {
    List<Long> evicted = new ArrayList<>();
    Census census =
        new Census(Map.of("ns", (long) LIMIT), (namespace, surplus) -> evicted.add(surplus));
    Situation situation = situation(Durability.VOLATILE);

    Decision decision = census.count(creation(situation), situation);

    assertThat(decision.reply()).isInstanceOf(Accepted.class);
    assertThat(evicted).containsExactly(1L);
  }

  @Test
  void creation_whenMemoryIsLow_isRefusedAndAnUpdateIsNot() {
    AtomicBoolean roomy = new AtomicBoolean(false);
    Census census = new Census(Map.of(), (namespace, surplus) -> {}, roomy::get);
    Situation situation = situation(Durability.JOURNALED);
    Scene scene = new Scene();
    scene.send(Scene.put("1"));
    Decision update = scene.decide(Scene.put("2"));

    Decision refused = census.count(creation(situation), situation);
    Decision updated = census.count(update, situation);
    roomy.set(true);
    Decision admitted = census.count(creation(situation), situation);

    assertThat(refused.events()).isEmpty();
    assertThat(((Refusal) refused.reply()).reason()).isEqualTo(Refusal.Reason.MEMORY_LOW);
    assertThat(updated.reply()).isInstanceOf(Accepted.class);
    assertThat(admitted.reply()).isInstanceOf(Accepted.class);
    assertThat(census.of("ns")).isEqualTo(1);
  }

  @Test
  void creation_inAVolatileNamespaceThatEvicts_makesItsOwnRoomWhenMemoryIsLow() {
    List<Long> evicted = new ArrayList<>();
    Census census =
        new Census(Map.of("ns", 5L), (namespace, surplus) -> evicted.add(surplus), () -> false);
    Census empty = new Census(Map.of(), (namespace, surplus) -> evicted.add(surplus), () -> false);
    Situation situation = situation(Durability.VOLATILE);

    Decision decision = census.count(creation(situation), situation);
    Decision first = empty.count(creation(situation), situation);

    assertThat(decision.reply()).isInstanceOf(Accepted.class);
    assertThat(evicted).containsExactly(1L);
    assertThat(((Refusal) first.reply()).reason()).isEqualTo(Refusal.Reason.MEMORY_LOW);
  }
}
