package io.mayfly.persistence.rocksdb;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What threads have used of the processor: on a busy machine, less than the time that passed. */
final class ProcessorTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ProcessorTime() {}

  /** Nanoseconds that the calling thread used so far; of time where the JVM cannot tell. */
  static long nanos() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }
}
