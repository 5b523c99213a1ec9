package io.mayfly.testkit.sim;

import io.mayfly.actors.entry.EntryBugs;
import io.mayfly.testkit.planted.PlantedBug;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.apache.pekko.persistence.PersistentRepr;

/**
 * Bugs of a store, and of those who ask it. What advice assigns to its parameters goes to the
 * method around it.
 */
@SuppressWarnings("UnusedVariable")
public final class StoreBugs {
  private StoreBugs() {}

  /** All of them. */
  public static List<PlantedBug> all() {
    return List.of(
        new PlantedBug(
            "recovery misses the last event",
            Store.class,
            "replay",
            LastMissed.class,
            "revisions without gap"),
        new PlantedBug(
            "stale read after failover", Node.class, "stands", AlwaysStands.class, "linearizable"),
        new PlantedBug(
            "snapshot forgets retries",
            Store.class,
            "save",
            NoAnswers.class,
            "one effect per idempotency key"));
  }

  static final class LastMissed {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) List<PersistentRepr> events) {
      if (events.size() > 1) {
        events = events.subList(0, events.size() - 1);
      }
    }
  }

  static final class NoAnswers {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 1, readOnly = false) Object state) {
      state = EntryBugs.withoutAnswers(state);
    }
  }

  static final class AlwaysStands {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean stands) {
      stands = true;
    }
  }
}
