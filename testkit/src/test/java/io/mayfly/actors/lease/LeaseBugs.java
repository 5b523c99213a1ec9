package io.mayfly.actors.lease;

import io.mayfly.testkit.planted.PlantedBug;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Bugs of leases. What advice assigns to its parameters goes to the method around it. */
@SuppressWarnings("UnusedVariable")
public final class LeaseBugs {
  private LeaseBugs() {}

  /** All of them. */
  public static List<PlantedBug> all() {
    return List.of(
        new PlantedBug(
            "lease ended early", Held.class, "overdue", EarlyEnd.class, "leases never end early"),
        new PlantedBug(
            "token given twice",
            Situation.class,
            "nextToken",
            SameToken.class,
            "fencing tokens grow"),
        new PlantedBug(
            "permits given twice",
            Resource.class,
            "available",
            AllAvailable.class,
            "mutual exclusion"),
        new PlantedBug(
            "renewal forgotten",
            LeaseEvent.Renewed.class,
            "applyTo",
            Unapplied.class,
            "leases never end early"),
        new PlantedBug(
            "lease that never ends",
            Resource.class,
            "overdue",
            NoneOverdue.class,
            "everything ends"));
  }

  static final class EarlyEnd {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) long nowMillis,
        @Advice.FieldValue("expiresAtMillis") long expiresAtMillis,
        @Advice.Return(readOnly = false) boolean overdue) {
      overdue = nowMillis >= expiresAtMillis - 100;
    }
  }

  static final class SameToken {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) long previous, @Advice.Return(readOnly = false) long next) {
      next = Math.max(1, previous);
    }
  }

  static final class AllAvailable {
    @Advice.OnMethodExit
    static void exit(
        @Advice.FieldValue("capacity") int capacity,
        @Advice.Return(readOnly = false) int available) {
      available = capacity;
    }
  }

  static final class Unapplied {
    @Advice.OnMethodExit
    static void exit(
        @Advice.Argument(0) LeaseState before, @Advice.Return(readOnly = false) LeaseState after) {
      after = before;
    }
  }

  static final class NoneOverdue {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) @Nullable Held overdue) {
      overdue = null;
    }
  }
}
