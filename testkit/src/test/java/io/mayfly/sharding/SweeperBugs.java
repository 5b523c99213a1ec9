package io.mayfly.sharding;

import io.mayfly.testkit.planted.PlantedBug;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** Bugs of sweepers. What advice assigns to its parameters goes to the method around it. */
@SuppressWarnings("UnusedVariable")
public final class SweeperBugs {
  private SweeperBugs() {}

  /** All of them. */
  public static List<PlantedBug> all() {
    return List.of(
        new PlantedBug(
            "slices skipped", Sweeper.class, "beginSlice", SkippedSlices.class, "everything ends"));
  }

  static final class SkippedSlices {
    @Advice.OnMethodEnter
    static void enter(
        @Advice.FieldValue("slices") int[] slices,
        @Advice.Argument(value = 0, readOnly = false) int next) {
      if (next < slices.length / 2) {
        next = slices.length / 2;
      }
    }
  }
}
