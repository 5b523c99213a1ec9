package io.mayfly.server.telemetry;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import kamon.metric.Metric;

/** What the virtual machine and its host say of themselves. Read by one thread at a time. */
final class SystemReadings {
  private final Instruments instruments;
  private final Increase increase = new Increase();

  SystemReadings(Instruments instruments) {
    this.instruments = instruments;
  }

  /** Brings the instruments up to date. */
  void read() {
    memory("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
    memory("other", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
    update(instruments.threads, ManagementFactory.getThreadMXBean().getThreadCount());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      String name = collector.getName();
      long count = increase.of("count " + name, collector.getCollectionCount());
      long millis = increase.of("time " + name, collector.getCollectionTime());
      var unused1 = instruments.collections.withTag("collector", name).increment(count);
      var unused2 = instruments.collecting.withTag("collector", name).increment(millis);
    }
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean host) {
      host(host);
    }
  }

  private void memory(String area, MemoryUsage usage) {
    Metrics.set(instruments.memoryUsed, "area", area, (double) usage.getUsed());
    Metrics.set(instruments.memoryMax, "area", area, (double) Math.max(0, usage.getMax()));
  }

  private void host(OperatingSystemMXBean host) {
    var unused =
        instruments
            .processCpu
            .withoutTags()
            .increment(increase.of("cpu", host.getProcessCpuTime()));
    update(instruments.hostCpu, host.getCpuLoad());
    update(instruments.hostLoad, host.getSystemLoadAverage());
    update(instruments.hostMemory, (double) host.getTotalMemorySize());
    update(instruments.hostMemoryFree, (double) host.getFreeMemorySize());
    if (host instanceof UnixOperatingSystemMXBean files) {
      update(instruments.openFiles, (double) files.getOpenFileDescriptorCount());
      update(instruments.filesMax, (double) files.getMaxFileDescriptorCount());
    }
  }

  private static void update(Metric.Gauge gauge, double value) {
    var unused = gauge.withoutTags().update(Math.max(0, value));
  }
}
