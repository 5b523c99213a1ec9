package io.mayfly.sharding;

import static io.mayfly.sharding.MemoryGuard.Scope.ALL;
import static io.mayfly.sharding.MemoryGuard.Scope.SOME_OLD;
import static io.mayfly.sharding.MemoryGuard.Scope.YOUNG;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the memory takes nothing new. */
final class MemoryGuardTest {
  private final MemoryGuard guard = new MemoryGuard(1000, 0.8);

  @Test
  void memory_knownToBeAboveTheShare_isClosedUntilItHasEased() {
    guard.collected(ALL, 799);
    assertThat(guard.getAsBoolean()).isTrue();
    guard.collected(ALL, 800);
    assertThat(guard.getAsBoolean()).isFalse();
    guard.collected(YOUNG, 750);
    assertThat(guard.getAsBoolean()).isFalse();
    guard.collected(YOUNG, 749);
    assertThat(guard.getAsBoolean()).isTrue();
  }

  @Test
  void memory_thatMayBeGarbage_isNotClosedBeforeHalfOfTheRest() {
    guard.collected(YOUNG, 899);
    assertThat(guard.getAsBoolean()).isTrue();
    guard.collected(YOUNG, 900);
    assertThat(guard.getAsBoolean()).isFalse();
  }

  @Test
  void memory_ofWhichTheOldAreCollectedInParts_isJudgedAfterTheLast() {
    guard.collected(SOME_OLD, 890);
    guard.collected(SOME_OLD, 850);
    assertThat(guard.getAsBoolean()).isTrue();
    guard.collected(YOUNG, 800);
    assertThat(guard.getAsBoolean()).isFalse();
  }

  @Test
  void fill_isWhatTheLastCollectionLeft() {
    guard.collected(YOUNG, 400);

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
