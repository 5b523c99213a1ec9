package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import org.junit.jupiter.api.Test;

/** What a key remembers, and how it forgets. */
final class MemoryTest {
  private static final Receipt RECEIPT =
      new Receipt(
          new Version(1, 1),
          Scene.NOW,
          Scene.NOW,
          Scene.NOW,
          Durability.JOURNALED,
          Outcome.REPLACED);

  private static RetryKey key(String name) {
    return new RetryKey(name, "f", true);
  }

  private static Memory after(Memory memory, String name, long atMillis, Value value) {
    Mark mark = new Mark(0, key(name), 100, 3, 10, Durability.JOURNALED, null, null);
    return memory.after(mark, null, atMillis, RECEIPT, value);
  }

  @Test
  void answers_beyondTheCount_loseTheOldest() {
    Memory memory = Memory.NONE;
    long at = 1_000;
    for (String name : new String[] {"a", "b", "c", "d"}) {
      memory = after(memory, name, at, Json.value("1"));
      at += 20;
    }

    assertThat(memory.answers().all()).extracting(Answer::key).containsExactly("b", "c", "d");
    assertThat(memory.since(900, key("a"))).isNull();
    assertThat(memory.forgottenMillis()).isEqualTo(1_000);
  }

  @Test
  void answers_givenWhileTheLastRequestWaited_areKeptBeyondTheCount() {
    Memory memory = Memory.NONE;
    long at = 1_000;
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      memory = after(memory, name, at, Json.value("1"));
      at += 2;
    }

    assertThat(memory.answers().all()).hasSize(5);
    assertThat(memory.forgottenMillis()).isZero();
  }

  @Test
  void answers_beyondTheWindow_areForgottenWithTheNext() {
    Memory memory = after(Memory.NONE, "a", 1_000, Json.value("1"));

    memory = after(memory, "b", 1_100, Json.value("1"));

    assertThat(memory.answers().all()).extracting(Answer::key).containsExactly("b");
  }

  @Test
  void answers_withLargeValues_keepTheNewestValues() {
    Value large = Json.value('"' + "x".repeat(Story.VALUE_BYTES_MAX / 5 * 2) + '"');
    Memory memory = Memory.NONE;
    for (String name : new String[] {"a", "b", "c"}) {
      memory = after(memory, name, 1_000, large);
    }

    assertThat(memory.answers().all())
        .extracting(answer -> answer.value() != null)
        .containsExactly(false, true, true);
  }

  @Test
  void fence_lowerThanSeen_changesNothing() {
    Memory memory = Memory.NONE.seen(7);

    assertThat(memory.seen(6)).isSameAs(memory);
    assertThat(memory.seen(8).fence()).isEqualTo(8);
  }
}
