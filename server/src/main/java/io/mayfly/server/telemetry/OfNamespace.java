package io.mayfly.server.telemetry;

import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Histogram;
import kamon.metric.Instrument;
import kamon.metric.Metric;
import kamon.metric.Timer;
import kamon.tag.TagSet;
import org.jspecify.annotations.Nullable;

/**
 * The instruments of one namespace, looked up once: what is counted for every request makes no
 * garbage. Those with a second tag are made when they are first used.
 */
final class OfNamespace {
  private static final String NAMESPACE = "namespace";

  final Counter created;
  final Counter purged;
  final Gauge standing;
  final Histogram lifetime;
  final Histogram lateness;
  final Timer watchLag;
  final Gauge leasesHeld;
  final Gauge leasesWaiting;
  final Timer leaseWait;
  final Gauge contractVersion;

  /** How often it was used within the window. */
  final LongAdder uses = new LongAdder();

  private final Tagged<EndReason> ended;
  private final Tagged<Transition> shadowed;
  private final Tagged<Refusal.Reason> refused;

  OfNamespace(String name, Instruments instruments) {
    created = instruments.created.withTag(NAMESPACE, name);
    purged = instruments.purged.withTag(NAMESPACE, name);
    standing = instruments.standing.withTag(NAMESPACE, name);
    lifetime = instruments.lifetime.withTag(NAMESPACE, name);
    lateness = instruments.lateness.withTag(NAMESPACE, name);
    watchLag = instruments.watchLag.withTag(NAMESPACE, name);
    leasesHeld = instruments.leasesHeld.withTag(NAMESPACE, name);
    leasesWaiting = instruments.leasesWaiting.withTag(NAMESPACE, name);
    leaseWait = instruments.leaseWait.withTag(NAMESPACE, name);
    contractVersion = instruments.contractVersion.withTag(NAMESPACE, name);
    ended = new Tagged<>(instruments.ended, name, "reason");
    shadowed = new Tagged<>(instruments.shadowed, name, "transition");
    refused = new Tagged<>(instruments.refused, name, "reason");
  }

  /** Its series end; nobody counts with it any more. */
  void end() {
    for (Instrument<?, ?> each :
        List.<Instrument<?, ?>>of(
            created,
            purged,
            standing,
            lifetime,
            lateness,
            watchLag,
            leasesHeld,
            leasesWaiting,
            leaseWait,
            contractVersion)) {
      var unused = each.remove();
    }
    ended.end();
    shadowed.end();
    refused.end();
  }

  Counter ended(EndReason reason) {
    Counter known = ended.get(reason);
    return known == null ? ended.of(reason, reason.text()) : known;
  }

  Counter shadowed(Transition transition) {
    Counter known = shadowed.get(transition);
    return known == null ? shadowed.of(transition, transition.text()) : known;
  }

  Counter refused(Refusal.Reason reason) {
    Counter known = refused.get(reason);
    return known == null ? refused.of(reason, Words.of(reason)) : known;
  }

  /** Counters that differ in one more tag. */
  private static final class Tagged<E extends Enum<E>> {
    private final Metric.Counter metric;
    private final String namespace;
    private final String tag;
    private final Map<E, Counter> made = new ConcurrentHashMap<>();

    private Tagged(Metric.Counter metric, String namespace, String tag) {
      this.metric = metric;
      this.namespace = namespace;
      this.tag = tag;
    }

    private @Nullable Counter get(E constant) {
      return made.get(constant);
    }

    private void end() {
      for (Counter counter : made.values()) {
        var unused = counter.remove();
      }
    }

    private Counter of(E constant, String word) {
      TagSet tags = TagSet.builder().add(NAMESPACE, namespace).add(tag, word).build();
      return made.computeIfAbsent(constant, any -> metric.withTags(tags));
    }
  }
}
