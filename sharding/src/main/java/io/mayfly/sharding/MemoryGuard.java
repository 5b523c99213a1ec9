package io.mayfly.sharding;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.mayfly.protocol.pressure.Fill;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how much of the heap is used after each collection, and closes the door to creations
 * before the rest is needed. What a collection leaves is what lives, and a little garbage that the
 * next one takes; what is used between collections says nothing.
 */
public final class MemoryGuard implements BooleanSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryGuard.class);

  /** How far below the limit the memory must fall before creations are taken again. */
  private static final double EASE = 0.05;

  private final long maxBytes;
  private final long closeBytes;
  private final long openBytes;
  private volatile long usedBytes;
  private volatile boolean roomy = true;

  /**
   * A guard that only knows what it is told.
   *
   * @param share of the largest heap, from which on nothing is created
   */
  public MemoryGuard(long maxBytes, double share) {
    this.maxBytes = maxBytes;
    this.closeBytes = (long) (maxBytes * share);
    this.openBytes = (long) (maxBytes * (share - EASE));
  }

  /**
   * Watches this process.
   *
   * @param share of the largest heap, from which on nothing is created
   */
  static MemoryGuard start(double share) {
    MemoryGuard guard = new MemoryGuard(Runtime.getRuntime().maxMemory(), share);
    Set<String> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toSet());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (notification, none) -> guard.collected(notification, heap), null, null);
      }
    }
    return guard;
  }

  private void collected(Notification notification, Set<String> heap) {
    if (!notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      return;
    }
    long used = 0;
    for (Map.Entry<String, MemoryUsage> pool :
        GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
            .getGcInfo()
            .getMemoryUsageAfterGc()
            .entrySet()) {
      used += heap.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
    }
    used(used);
  }

  /** Takes note of what a collection left. */
  public void used(long bytes) {
    usedBytes = bytes;
    if (roomy && bytes >= closeBytes) {
      roomy = false;
      LOG.warn("{} of {} bytes of heap live: creations are refused", bytes, maxBytes);
    } else if (!roomy && bytes < openBytes) {
      roomy = true;
      LOG.info("{} of {} bytes of heap live: creations are taken again", bytes, maxBytes);
    }
  }

  /** Whether something new may be created. */
  @Override
  public boolean getAsBoolean() {
    return roomy;
  }

  /** The bytes in use after the last collection, and those from which on nothing is created. */
  Fill fill() {
    return new Fill(usedBytes, closeBytes);
  }
}
