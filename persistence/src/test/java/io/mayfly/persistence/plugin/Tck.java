package io.mayfly.persistence.plugin;

import java.util.concurrent.atomic.AtomicInteger;
import org.scalatest.Reporter;
import org.scalatest.events.Event;
import org.scalatest.events.TestCanceled;
import org.scalatest.events.TestFailed;
import org.scalatest.events.TestIgnored;
import org.scalatest.events.TestPending;
import org.scalatest.events.TestSucceeded;
import org.scalatest.tools.Runner;

/** Runs a suite of Pekko's own, which is written for another runner of tests. */
public final class Tck {
  private static final AtomicInteger SUCCEEDED = new AtomicInteger();
  private static final AtomicInteger OTHER = new AtomicInteger();

  private Tck() {}

  /**
   * What a run came to.
   *
   * @param other how many tests failed or did not run
   */
  public record Result(boolean passed, int succeeded, int other) {}

  /** Runs a suite. */
  public static Result run(Class<?> suite) {
    SUCCEEDED.set(0);
    OTHER.set(0);
    String classes = suite.getProtectionDomain().getCodeSource().getLocation().getPath();
    boolean passed =
        Runner.run(
            new String[] {
              "-oW", "-C", Counter.class.getName(), "-s", suite.getName(), "-R", classes, "-P1"
            });
    return new Result(passed, SUCCEEDED.get(), OTHER.get());
  }

  /** Counts what ScalaTest reports. */
  public static final class Counter implements Reporter {
    @Override
    public void apply(Event event) {
      if (event instanceof TestSucceeded) {
        SUCCEEDED.incrementAndGet();
      } else if (event instanceof TestFailed
          || event instanceof TestCanceled
          || event instanceof TestIgnored
          || event instanceof TestPending) {
        OTHER.incrementAndGet();
      }
    }
  }
}
