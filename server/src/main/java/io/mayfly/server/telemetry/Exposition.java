package io.mayfly.server.telemetry;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import kamon.metric.Distribution;
import kamon.metric.Instrument;
import kamon.metric.Metric;
import kamon.metric.Metric$Settings$ForDistributionInstrument;
import kamon.metric.Metric$Settings$ForValueInstrument;
import kamon.metric.MetricSnapshot;
import kamon.metric.PeriodSnapshot;
import kamon.module.MetricReporter;
import kamon.prometheus.PrometheusReporter;
import kamon.prometheus.PrometheusSettings;
import kamon.prometheus.ScrapeDataBuilder;
import kamon.tag.TagSet;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The text that Prometheus reads. Kamon tells what was counted since it last told; here that is
 * added up.
 *
 * <p>Invariant: a series is shown exactly while its instrument exists, and while it is shown a
 * count never goes down. Kamon's own reporter shows what is gone for years.
 */
final class Exposition implements MetricReporter {
  private final Sums<Metric$Settings$ForValueInstrument, Object> counters =
      new Sums<>((before, more) -> Long.sum((Long) before, (Long) more));
  private final Sums<Metric$Settings$ForDistributionInstrument, Distribution> histograms =
      new Sums<>(Distribution::merge);
  private final Sums<Metric$Settings$ForDistributionInstrument, Distribution> timers =
      new Sums<>(Distribution::merge);
  private final PrometheusSettings.Generic settings;
  private volatile String text = "";

  Exposition(Config config) {
    settings =
        PrometheusReporter.Settings$.MODULE$
            .readSettings(config.getConfig("kamon.prometheus"))
            .generic();
  }

  /** Everything as of the last tick. */
  String text() {
    return text;
  }

  @Override
  public void reportPeriodSnapshot(PeriodSnapshot told) {
    text =
        new ScrapeDataBuilder(settings, TagSet.Empty())
            .appendCounters(counters.add(told.counters()))
            .appendGauges(told.gauges())
            .appendHistograms(histograms.add(told.histograms()))
            .appendHistograms(timers.add(told.timers()))
            .build();
  }

  @Override
  public void stop() {}

  @Override
  public void reconfigure(Config config) {}

  /** What the series of some metrics came to. */
  private static final class Sums<S extends Metric.Settings, T> {
    private final BinaryOperator<T> sum;
    private Map<String, Map<TagSet, T>> byMetric = new HashMap<>();

    private Sums(BinaryOperator<T> sum) {
      this.sum = sum;
    }

    /** Adds what was told; of what was not told nothing is kept. */
    private Seq<MetricSnapshot<S, T>> add(Seq<MetricSnapshot<S, T>> told) {
      Map<String, Map<TagSet, T>> all = new HashMap<>();
      List<MetricSnapshot<S, T>> sums = new ArrayList<>();
      for (MetricSnapshot<S, T> metric : CollectionConverters.asJava(told)) {
        Map<TagSet, T> before = byMetric.getOrDefault(metric.name(), Map.of());
        Map<TagSet, T> now = new HashMap<>();
        List<Instrument.Snapshot<T>> series = new ArrayList<>();
        for (Instrument.Snapshot<T> each : CollectionConverters.asJava(metric.instruments())) {
          T last = before.get(each.tags());
          T next = last == null ? each.value() : sum.apply(last, each.value());
          now.put(each.tags(), next);
          series.add(new Instrument.Snapshot<>(each.tags(), next));
        }
        all.put(metric.name(), now);
        sums.add(
            new MetricSnapshot<>(
                metric.name(), metric.description(), metric.settings(), immutable(series)));
      }
      byMetric = all;
      return immutable(sums);
    }

    private static <E> Seq<E> immutable(List<E> list) {
      return CollectionConverters.asScala(list).toList();
    }
  }
}
