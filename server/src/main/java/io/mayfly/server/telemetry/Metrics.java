package io.mayfly.server.telemetry;

import com.typesafe.config.Config;
import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.telemetry.Kind;
import io.mayfly.protocol.telemetry.Telemetry;
import io.mayfly.protocol.telemetry.Tracing;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Metric;
import kamon.metric.Timer;
import kamon.tag.TagSet;
import kamon.util.Filter;
import org.jspecify.annotations.Nullable;

/**
 * The node's instruments, on Kamon. Their tags are bounded: so many namespaces have names of their
 * own, all others together are {@code other}. The first that are used have them until busier ones
 * take their places; the series of who loses its place end.
 */
public final class Metrics implements Telemetry, AutoCloseable {
  /** What is about no namespace. */
  private static final String NONE = "none";

  /** Kamon's instruments of itself tell nothing of the node. */
  private static final Filter OURS = Filter.fromRegex("(mayfly|jvm|process|host)\\..*");

  private static @Nullable Exposition reporter;

  private final Exposition exposition;
  private final Tracing tracing;
  private final boolean counting;
  private final Instruments instruments = new Instruments();
  private final Places places;
  private final OfNamespace none = new OfNamespace(NONE, instruments);
  private final Map<String, Long> leasesHeld = new ConcurrentHashMap<>();
  private final Map<String, Long> leasesWaiting = new ConcurrentHashMap<>();
  private final Map<Kind, OfKind> byKind = new EnumMap<>(Kind.class);
  private final Map<String, Timer> durations = new ConcurrentHashMap<>();
  private final Map<String, Counter[]> answers = new ConcurrentHashMap<>();
  private final Map<String, Counter> problems = new ConcurrentHashMap<>();

  /** The instruments of one kind of keys. */
  private record OfKind(
      Timer waited, Timer written, Timer recovered, Counter snapshots, Counter passivated) {
    private static OfKind of(Kind kind, Instruments all) {
      return new OfKind(
          all.waited.withTag("kind", kind.text()),
          all.written.withTag("kind", kind.text()),
          all.recovered.withTag("kind", kind.text()),
          all.snapshots.withTag("kind", kind.text()),
          all.passivated.withTag("kind", kind.text()));
    }
  }

  private Metrics(Exposition exposition, Tracing tracing, Config config) {
    this.exposition = exposition;
    this.tracing = tracing;
    this.counting = config.getBoolean("metrics");
    this.places =
        new Places(
            instruments,
            config.getInt("namespaces-max"),
            config.getDuration("namespaces-window").toNanos(),
            System.nanoTime());
    for (Kind kind : Kind.values()) {
      byKind.put(kind, OfKind.of(kind, instruments));
    }
  }

  /** The instruments of this process; a second node in the same process shares them. */
  public static synchronized Metrics start(Config config) {
    if (reporter == null) {
      Kamon.initWithoutAttaching(config);
      reporter = new Exposition(config);
      var unused = Kamon.addReporter("mayfly", reporter, OURS);
    }
    return new Metrics(reporter, KamonTracing.start(config), config.getConfig("mayfly.telemetry"));
  }

  /**
   * Sends no more spans, and shows no more what the node had. The counters belong to the process,
   * and stay.
   */
  @Override
  public void close() {
    standing(Map.of());
    contractVersions(Map.of());
    watchers(0);
    leasesHeld.clear();
    leasesWaiting.clear();
    leases();
    if (tracing instanceof KamonTracing spans) {
      spans.close();
    }
  }

  /** Every instrument in the text format of Prometheus (0.0.4), as of the last tick. */
  public String prometheus() {
    return exposition.text();
  }

  /** Where the node tells what happens: here, or to the tracer alone when metrics are off. */
  public Telemetry telemetry() {
    return counting
        ? this
        : new Telemetry() {
          @Override
          public Tracing tracing() {
            return tracing;
          }
        };
  }

  /** Whether anything is counted. */
  boolean counting() {
    return counting;
  }

  Instruments instruments() {
    return instruments;
  }

  @Override
  public Tracing tracing() {
    return tracing;
  }

  @Override
  public void created(String namespace) {
    var unused = of(namespace).created.increment();
  }

  @Override
  public void ended(String namespace, EndReason reason, Duration life, Duration late) {
    OfNamespace of = of(namespace);
    var unused1 = of.ended(reason).increment();
    var unused2 = of.lifetime.record(Math.max(0, life.toMillis()));
    var unused3 = of.lateness.record(Math.max(0, late.toMillis()));
  }

  @Override
  public void purged(String namespace) {
    var unused = of(namespace).purged.increment();
  }

  @Override
  public void shadowed(String namespace, Transition transition) {
    var unused = of(namespace).shadowed(transition).increment();
  }

  @Override
  public void refused(String namespace, Refusal.Reason reason) {
    var unused = (namespace.isEmpty() ? none : of(namespace)).refused(reason).increment();
  }

  @Override
  public void waited(Kind kind, long nanos) {
    var unused = of(kind).waited().record(nanos);
  }

  @Override
  public void written(Kind kind, long nanos) {
    var unused = of(kind).written().record(nanos);
  }

  @Override
  public void recovered(Kind kind, long nanos) {
    var unused = of(kind).recovered().record(nanos);
  }

  @Override
  public void snapshotStored(Kind kind) {
    var unused = of(kind).snapshots().increment();
  }

  @Override
  public void passivated(Kind kind) {
    var unused = of(kind).passivated().increment();
  }

  @Override
  public void leaseGranted(String namespace, long waitedNanos) {
    var unused = of(namespace).leaseWait.record(waitedNanos);
  }

  @Override
  public void leasesHeld(String namespace, int more) {
    add(leasesHeld, namespace, more);
  }

  @Override
  public void leasesWaiting(String namespace, int more) {
    add(leasesWaiting, namespace, more);
  }

  @Override
  public void watchers(int count) {
    var unused = instruments.watchers.withoutTags().update(count);
  }

  @Override
  public void watchLag(String namespace, Duration lag) {
    var unused = of(namespace).watchLag.record(Math.max(0, lag.toNanos()));
  }

  @Override
  public void answered(String operation, int status, long nanos) {
    var unused1 = duration(operation).record(nanos);
    var unused2 = answers(operation)[status / 100 - 1].increment();
  }

  private Timer duration(String operation) {
    Timer known = durations.get(operation);
    return known == null
        ? durations.computeIfAbsent(
            operation, name -> instruments.duration.withTag("operation", name))
        : known;
  }

  private Counter[] answers(String operation) {
    Counter[] known = answers.get(operation);
    return known == null ? answers.computeIfAbsent(operation, this::byStatus) : known;
  }

  private Counter[] byStatus(String operation) {
    Counter[] counters = new Counter[5];
    for (int i = 0; i < counters.length; i++) {
      counters[i] =
          instruments.answers.withTags(
              TagSet.builder().add("operation", operation).add("status", i + 1 + "xx").build());
    }
    return counters;
  }

  @Override
  public void problem(String type) {
    var unused =
        problems
            .computeIfAbsent(type, name -> instruments.problems.withTag("type", name))
            .increment();
  }

  @Override
  public void queue(String name, long depth, long limit) {
    set(instruments.queueDepth, "queue", name, (double) depth);
    set(instruments.queueLimit, "queue", name, (double) limit);
  }

  /** A namespace may get instruments of its own, or lose them, between one more and one less. */
  private static void add(Map<String, Long> counts, String namespace, int more) {
    var unused1 = counts.merge(namespace, (long) more, Long::sum);
    var unused2 = counts.remove(namespace, 0L);
  }

  /** Shows the leases that are held and waited for now. */
  void leases() {
    places.show(leasesHeld, (of, count) -> of.leasesHeld.update(count.doubleValue()));
    places.show(leasesWaiting, (of, count) -> of.leasesWaiting.update(count.doubleValue()));
  }

  /** How many entries of each namespace stand now. */
  void standing(Map<String, Long> entries) {
    places.show(entries, (of, count) -> of.standing.update(count.doubleValue()));
  }

  /** The version of each namespace's contract now. */
  void contractVersions(Map<String, Long> versions) {
    places.showPlaced(
        versions,
        (of, version) -> {
          var unused = of.contractVersion.update(version.doubleValue());
        });
  }

  /** Gives places to the namespaces that are busiest; to be called every second. */
  void turn(long nowNanos) {
    places.turn(nowNanos);
  }

  /** Sets a gauge with one tag. */
  static void set(Metric.Gauge gauge, String tag, String value, double to) {
    var unused = gauge.withTag(tag, value).update(to);
  }

  @SuppressWarnings("NullAway") // The map holds every constant.
  private OfKind of(Kind kind) {
    return byKind.get(kind);
  }

  private OfNamespace of(String namespace) {
    return places.of(namespace);
  }
}
