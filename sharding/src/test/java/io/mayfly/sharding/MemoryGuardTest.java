package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the memory takes nothing new. */
final class MemoryGuardTest {
  private final MemoryGuard guard = new MemoryGuard(1000, 0.8);

  @Test
  void memory_aboveTheShare_isClosedUntilItHasEased() {
    assertThat(guard.getAsBoolean()).isTrue();
    guard.used(799);
    assertThat(guard.getAsBoolean()).isTrue();
    guard.used(800);
    assertThat(guard.getAsBoolean()).isFalse();
    guard.used(750);
    assertThat(guard.getAsBoolean()).isFalse();
    guard.used(749);
    assertThat(guard.getAsBoolean()).isTrue();
  }

  @Test
  void fill_isWhatTheLastCollectionLeft() {
    guard.used(400);

    assertThat(guard.fill().share()).isEqualTo(0.5);
  }

  @Test
  void collection_ofThisProcess_isNoticed() {
    MemoryGuard own = MemoryGuard.start(1.0);

    while (own.fill().depth() == 0) {
      System.gc();
    }

    assertThat(own.fill().depth()).isLessThan(Runtime.getRuntime().maxMemory());
  }
}
