package io.mayfly.benchmarks.inprocess;

/**
 * What one repetition measured.
 *
 * @param answers within the window
 * @param refusals over the whole repetition, warm-up included
 * @param windowNanos how long the window was
 * @param cpuNanos processor time that the whole process used in it
 */
record Sample(long answers, long refusals, long windowNanos, long cpuNanos) {

  double perSecond() {
    return answers * 1e9 / windowNanos;
  }

  double cpuMicros() {
    return cpuNanos / 1e3 / Math.max(1, answers);
  }
}
