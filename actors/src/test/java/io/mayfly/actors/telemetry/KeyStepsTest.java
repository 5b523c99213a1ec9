package io.mayfly.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Telemetry;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What the steps of commands cost that nobody follows. */
final class KeyStepsTest {
  private static final int COMMANDS = 100_000;

  @Test
  void commandThatIsNotFollowed_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    KeySteps steps = new KeySteps(Kind.ENTRY, Telemetry.NONE);
    steps.recovered();
    command(steps, threads, 1);

    long bytes = command(steps, threads, COMMANDS);

    assertThat(bytes).as("bytes of %d commands", COMMANDS).isLessThan(COMMANDS);
  }

  /** The bytes that so many commands take which write an event each. */
  private static long command(KeySteps steps, ThreadMXBean threads, int times) {
    long before = threads.getCurrentThreadAllocatedBytes();
    long began = 0;
    for (int i = 0; i < times; i++) {
      began += steps.begin(null);
      steps.writing(null);
      began += Math.min(0, steps.written());
      steps.over();
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(began).isZero();
    return bytes;
  }
}
