package io.mayfly.sharding;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.mayfly.protocol.pressure.Fill;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how much of the heap is used after each collection, and closes the door to creations
 * before the rest is needed.
 *
 * <p>What a collection leaves is what lives, and garbage among the old that it did not look at. How
 * much of it is garbage shows when the old have been collected, which G1 does in several parts. So
 * creations are refused when the last part has left too much, or a whole collection; and from
 * halfway between that limit and a full heap on by any collection, since all of it may live.
 */
public final class MemoryGuard implements BooleanSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryGuard.class);

  /** How far below the limit the memory must fall before creations are taken again. */
  private static final double EASE = 0.05;

  /** What a collection looked at. */
  public enum Scope {
    /** Only what is new. */
    YOUNG,
    /** A part of the old as well. */
    SOME_OLD,
    /** Everything. */
    ALL
  }

  private final long maxBytes;
  private final long closeBytes;
  private final long openBytes;
  private final long dangerBytes;
  private boolean oldUnderWay;
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
    this.dangerBytes = (closeBytes + maxBytes) / 2;
  }

  /**
   * Watches this process.
   *
   * @param share of the largest heap, from which on nothing is created
   */
  static MemoryGuard start(double share) {
    MemoryGuard guard = new MemoryGuard(Runtime.getRuntime().maxMemory(), share);
    Collectors collectors = new Collectors(guard);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (notification, none) -> collectors.heard(notification), null, null);
      }
    }
    return guard;
  }

  /** What the JVM tells of its collections. */
  private static final class Collectors {
    private final MemoryGuard guard;
    private final List<MemoryPoolMXBean> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    private long leftOfOld = leftOfOld();

    Collectors(MemoryGuard guard) {
      this.guard = guard;
    }

    synchronized void heard(Notification notification) {
      if (!notification
          .getType()
          .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
        return;
      }
      GarbageCollectionNotificationInfo info =
          GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
      // Asked each time: whole collections and concurrent ones change the answer too.
      boolean lookedAtOld = hasLookedAtOld();
      switch (info.getGcAction()) {
        case "end of minor GC" ->
            guard.collected(lookedAtOld ? Scope.SOME_OLD : Scope.YOUNG, used(info));
        case "end of major GC", "end of GC cycle" -> guard.collected(Scope.ALL, used(info));
        default -> {} // a pause of a collector that is still at work
      }
    }

    private boolean hasLookedAtOld() {
      long before = leftOfOld;
      leftOfOld = leftOfOld();
      return leftOfOld != before;
    }

    /** What the last collection that looked at the old has left of them. */
    private long leftOfOld() {
      return heap.stream()
          .filter(MemoryPoolMXBean::isUsageThresholdSupported)
          .mapToLong(pool -> used(pool.getCollectionUsage()))
          .sum();
    }

    private long used(GarbageCollectionNotificationInfo info) {
      Map<String, MemoryUsage> after = info.getGcInfo().getMemoryUsageAfterGc();
      return heap.stream().mapToLong(pool -> used(after.get(pool.getName()))).sum();
    }

    private static long used(@Nullable MemoryUsage usage) {
      return usage == null ? 0 : usage.getUsed();
    }
  }

  /** Takes note of what a collection left. Called by one thread at a time. */
  public void collected(Scope scope, long bytes) {
    usedBytes = bytes;
    boolean known = scope == Scope.ALL || (scope == Scope.YOUNG && oldUnderWay);
    oldUnderWay = scope == Scope.SOME_OLD;
    if (roomy && (bytes >= dangerBytes || (known && bytes >= closeBytes))) {
      roomy = false;
      LOG.warn("{} of {} bytes of heap are used: creations are refused", bytes, maxBytes);
    } else if (!roomy && bytes < openBytes) {
      roomy = true;
      LOG.info("{} of {} bytes of heap are used: creations are taken again", bytes, maxBytes);
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
