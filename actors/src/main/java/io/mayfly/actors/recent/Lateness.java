package io.mayfly.actors.recent;

/** How late an attempt of a request may come, and still find what another attempt was answered. */
public final class Lateness {
  /** The ways to a key differ by less, as long as no node stands still. */
  private static final int WAYS_MILLIS = 100;

  /** What two bytes of a journal hold. */
  private static final int WAITED_MAX = 0xffff;

  private Lateness() {}

  /** How long a request waited for its turn, or others may that were taken when it was. */
  public static int waitedMillis(long sinceMillis, long nowMillis) {
    return (int) Math.min(WAITED_MAX, Math.max(WAYS_MILLIS, nowMillis - sinceMillis));
  }
}
