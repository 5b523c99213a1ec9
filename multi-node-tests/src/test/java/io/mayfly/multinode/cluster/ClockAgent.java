package io.mayfly.multinode.cluster;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * Runs within a node, before it begins: the wall clock that the node follows differs from the
 * machine's by what a test asks for, as on a machine whose clock is wrong. What only measures is
 * left as it is.
 */
public final class ClockAgent {
  private static final String CLOCK = "io.mayfly.protocol.time.SteadyClock";

  private ClockAgent() {}

  /**
   * What a JVM calls first.
   *
   * @param directory where the test says how far clocks are off, by the number of the process
   */
  public static void premain(String directory, Instrumentation instrumentation) {
    ShiftedClock.shiftedBy(
        Path.of(directory).resolve(Long.toString(ProcessHandle.current().pid())));
    new AgentBuilder.Default()
        .disableClassFormatChanges()
        .type(named(CLOCK))
        .transform(
            (builder, type, loader, module, domain) ->
                builder.visit(
                    Advice.to(OnOtherClock.class).on(isConstructor().and(takesArguments(2)))))
        .installOn(instrumentation);
  }

  /** Code that is copied into the constructor of the clock. */
  static final class OnOtherClock {
    private OnOtherClock() {}

    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(value = 0, readOnly = false) LongSupplier wallMillis) {
      wallMillis = new ShiftedClock(wallMillis);
    }
  }
}
