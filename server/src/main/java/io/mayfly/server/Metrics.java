package io.mayfly.server;

import com.typesafe.config.Config;
import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.telemetry.Telemetry;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kamon.Kamon;
import kamon.metric.Metric;
import kamon.prometheus.PrometheusReporter;
import kamon.tag.TagSet;
import org.jspecify.annotations.Nullable;

/**
 * The node's instruments, on Kamon. Their tags are bounded: the first namespaces up to a limit have
 * names of their own, all others together are {@code other}.
 */
final class Metrics implements Telemetry {
  private static final String NAMESPACE = "namespace";

  private static @Nullable PrometheusReporter reporter;

  private final PrometheusReporter prometheus;
  private final int namespacesMax;
  private final Set<String> named = ConcurrentHashMap.newKeySet();
  private final Metric.Counter created =
      Kamon.counter("mayfly.entries.created", "Incarnations that began");
  private final Metric.Counter ended =
      Kamon.counter("mayfly.entries.ended", "Incarnations that ended, by reason");
  private final Metric.Gauge standing =
      Kamon.gauge("mayfly.entries.standing", "Entries that have not ended on this node");
  private final Metric.Timer lifetime =
      Kamon.timer("mayfly.entries.lifetime", "From the creation of an incarnation to its end");
  private final Metric.Timer lateness =
      Kamon.timer("mayfly.ends.lateness", "From an end to its announcement");
  private final Metric.Counter shadowed =
      Kamon.counter(
          "mayfly.mutations.shadowed", "Mutations decided and not applied, by transition");
  private final Metric.Counter refused =
      Kamon.counter("mayfly.commands.refused", "Commands refused, by reason");

  private final Metric.Gauge queueDepth =
      Kamon.gauge("mayfly.queue.depth", "What is in a queue; of a kind with many, in the fullest");
  private final Metric.Gauge queueLimit =
      Kamon.gauge("mayfly.queue.limit", "The most that may be in that queue; 0 for any number");

  private Metrics(PrometheusReporter prometheus, int namespacesMax) {
    this.prometheus = prometheus;
    this.namespacesMax = namespacesMax;
  }

  /** The instruments of this process; a second node in the same process shares them. */
  static synchronized Metrics start(Config config) {
    if (reporter == null) {
      Kamon.initWithoutAttaching(config);
      reporter = PrometheusReporter.create();
      var unused = Kamon.addReporter("mayfly", reporter);
    }
    return new Metrics(reporter, config.getInt("mayfly.telemetry.namespaces-max"));
  }

  /** Every instrument in the text format of Prometheus (0.0.4), as of the last tick. */
  String prometheus() {
    return prometheus.scrapeData();
  }

  @Override
  public void created(String namespace) {
    var unused = created.withTag(NAMESPACE, bounded(namespace)).increment();
  }

  @Override
  public void ended(String namespace, EndReason reason, Duration life, Duration late) {
    String name = bounded(namespace);
    var unused1 = ended.withTags(tags(name, "reason", reason.text())).increment();
    var unused2 = lifetime.withTag(NAMESPACE, name).record(life);
    var unused3 = lateness.withTag(NAMESPACE, name).record(late);
  }

  @Override
  public void shadowed(String namespace, Transition transition) {
    String name = bounded(namespace);
    var unused = shadowed.withTags(tags(name, "transition", transition.text())).increment();
  }

  @Override
  public void refused(String namespace, Refusal.Reason reason) {
    String word = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    var unused = refused.withTags(tags(bounded(namespace), "reason", word)).increment();
  }

  @Override
  public void queue(String name, long depth, long limit) {
    var unused1 = queueDepth.withTag("queue", name).update((double) depth);
    var unused2 = queueLimit.withTag("queue", name).update((double) limit);
  }

  @Override
  public void standing(String namespace, long entries) {
    var unused = standing.withTag(NAMESPACE, bounded(namespace)).update((double) entries);
  }

  private static TagSet tags(String namespace, String key, String value) {
    return TagSet.builder().add(NAMESPACE, namespace).add(key, value).build();
  }

  private String bounded(String namespace) {
    if (namespace.isEmpty()) {
      return "none";
    }
    if (named.contains(namespace)) {
      return namespace;
    }
    if (named.size() < namespacesMax) {
      named.add(namespace);
      return namespace;
    }
    return "other";
  }
}
