package io.mayfly.actors.telemetry;

import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Telemetry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a key's commands, timed: recovery, decision, journal. Those of a command that is
 * followed become spans; for any other one nothing is made.
 */
public final class KeySteps {
  private final Kind kind;
  private final Telemetry telemetry;
  private final long startedNanos = System.nanoTime();

  /** Below 0 while the key recovers; then how long that took, until its first command. */
  private long recoveryNanos = -1;

  private long writingNanos;
  private @Nullable String context;

  /** The steps of a key whose actor starts now. */
  public KeySteps(Kind kind, Telemetry telemetry) {
    this.kind = kind;
    this.telemetry = telemetry;
  }

  /** The key is as it was stored. */
  public void recovered() {
    if (recoveryNanos < 0) {
      recoveryNanos = System.nanoTime() - startedNanos;
      telemetry.recovered(kind, recoveryNanos);
    }
  }

  /**
   * A command is being decided.
   *
   * @param trace the context of its steps; absent when they are not followed
   * @return when that began; 0 when it is not followed
   */
  public long begin(@Nullable String trace) {
    long tookNanos = recoveryNanos;
    recoveryNanos = 0;
    if (trace == null) {
      return 0;
    }
    if (tookNanos > 0) {
      telemetry.tracing().step("recovery", trace, tookNanos).finish();
    }
    return System.nanoTime();
  }

  /**
   * A command that is followed was decided.
   *
   * @param beganNanos what {@link #begin} told
   * @param reply the word for what it came to
   */
  public void decided(String trace, long beganNanos, String reply) {
    telemetry
        .tracing()
        .step("decision", trace, System.nanoTime() - beganNanos)
        .tag("reply", reply)
        .finish();
  }

  /**
   * Events go to the journal.
   *
   * @param traced the context of that step; absent when it is not followed
   */
  public void writing(@Nullable String traced) {
    writingNanos = System.nanoTime();
    context = traced;
  }

  /**
   * The journal has the events, if there were any.
   *
   * @return how long that took; 0 when there were none
   */
  public long written() {
    if (writingNanos == 0) {
      return 0;
    }
    long tookNanos = System.nanoTime() - writingNanos;
    telemetry.written(kind, tookNanos);
    if (context != null) {
      telemetry.tracing().step("journal", context, tookNanos).finish();
    }
    over();
    return tookNanos;
  }

  /** The command is over, whatever became of it. */
  public void over() {
    writingNanos = 0;
    context = null;
  }

  /** A constant as spans spell it. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A reply as spans spell it. */
  public static String word(Record reply) {
    return reply.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
