package io.mayfly.server.telemetry;

import kamon.Kamon;
import kamon.metric.MeasurementUnit;
import kamon.metric.Metric;

/**
 * Every instrument of Mayfly with its unit and its help, as {@code docs/OBSERVABILITY.md} lists.
 */
final class Instruments {
  final Metric.Counter created =
      counter("entries.created", "Incarnations that began, by namespace");
  final Metric.Counter ended =
      counter("entries.ended", "Incarnations that ended, by namespace and reason");
  final Metric.Counter purged =
      counter("entries.purged", "Ended keys of which every byte is gone, by namespace");
  final Metric.Gauge standing =
      gauge("entries.standing", "Entries that have not ended, by namespace");
  final Metric.Histogram lifetime =
      millis("entries.lifetime", "From the creation of an incarnation to its end, by namespace");
  final Metric.Histogram lateness =
      millis("ends.lateness", "From the instant of an end to its announcement, by namespace");
  final Metric.Counter shadowed =
      counter(
          "mutations.shadowed", "Mutations decided and not applied, by namespace and transition");
  final Metric.Counter refused =
      counter("commands.refused", "Commands refused, by namespace and reason");

  final Metric.Counter answers =
      counter("http.answers", "Requests answered, by operation and class of status");
  final Metric.Timer duration =
      timer("http.duration", "From the head of a request to the head of its answer, by operation");
  final Metric.Counter problems = counter("http.problems", "Problems answered, by type");

  final Metric.Gauge queueDepth =
      gauge("queue.depth", "What is in a queue; of a kind with many, in the fullest");
  final Metric.Gauge queueLimit =
      gauge(
          "queue.limit",
          "The most that may be in that queue, 0 for any number; of the node, the admission limit and those that may wait");
  final Metric.Timer waited =
      timer("queue.wait", "From sending a request to a key on this node to its turn, by kind");

  final Metric.Timer written =
      timer("journal.write", "From handing events to the journal to its confirmation, by kind");
  final Metric.Timer recovered =
      timer("recovery", "From the start of a key's actor to its first command, by kind");
  final Metric.Counter snapshots = counter("snapshots", "Snapshots stored, by kind");
  final Metric.Gauge resident = gauge("keys.resident", "Keys in memory, by kind");
  final Metric.Counter passivated =
      counter(
          "keys.passivated",
          "Keys that left the memory: idle, pushed out, purged or handed over, by kind");

  final Metric.Gauge ledgerRows =
      gauge("ledger.rows", "Rows of the ledger, as the last round counted them");
  final Metric.Counter rounds = counter("ledger.rounds", "Rounds over the ledger completed");
  final Metric.Counter repairs =
      counter("ledger.repairs", "Differences from the journal repaired by rounds, by kind");

  final Metric.Gauge watchers = gauge("watchers", "Clients that watch through this node");
  final Metric.Timer watchLag =
      timer("watch.lag", "From an event to telling a watcher of it, by namespace");

  final Metric.Gauge leasesHeld =
      gauge("leases.held", "Leases of the resources in this node's memory, by namespace");
  final Metric.Gauge leasesWaiting =
      gauge("leases.waiting", "Acquires that wait through this node, by namespace");
  final Metric.Timer leaseWait =
      timer("leases.wait", "From asking for a lease to getting it, by namespace");

  final Metric.Gauge contractVersion =
      gauge("contract.version", "The version of a namespace's contract; 0 when withdrawn");

  final Metric.Gauge shards = gauge("shards.hosted", "Shards on this node, by kind");
  final Metric.Counter shardMoves =
      counter("shard.moves", "Shards that came to this node or left it, by kind and direction");
  final Metric.Gauge members =
      gauge("cluster.members", "Members that this node knows, by status, and those unreachable");
  final Metric.Gauge ready = gauge("ready", "1 while the node serves, else 0");

  final Metric.Gauge memoryUsed =
      bytes("jvm.memory.used", "Memory of the virtual machine in use, by area");
  final Metric.Gauge memoryMax =
      bytes("jvm.memory.max", "The most memory of the virtual machine, by area; 0 for any");
  final Metric.Gauge threads = Kamon.gauge("jvm.threads", "Live threads");
  final Metric.Counter collections =
      Kamon.counter("jvm.gc.collections", "Collections of garbage, by collector");
  final Metric.Counter collecting =
      Kamon.counter(
          "jvm.gc.time",
          "Time spent collecting garbage, by collector",
          MeasurementUnit.time().milliseconds());
  final Metric.Counter processCpu =
      Kamon.counter(
          "process.cpu", "Processor time of the process", MeasurementUnit.time().nanoseconds());
  final Metric.Gauge openFiles = Kamon.gauge("process.files.open", "Open files of the process");
  final Metric.Gauge filesMax =
      Kamon.gauge("process.files.max", "The most open files of the process");
  final Metric.Gauge hostCpu =
      Kamon.gauge("host.cpu.ratio", "Processors of the host in use, from 0 to 1");
  final Metric.Gauge hostLoad = Kamon.gauge("host.load", "Load average of the host, one minute");
  final Metric.Gauge hostMemory = bytes("host.memory.size", "Memory of the host");
  final Metric.Gauge hostMemoryFree = bytes("host.memory.free", "Memory of the host that is free");

  private static Metric.Counter counter(String name, String help) {
    return Kamon.counter("mayfly." + name, help);
  }

  private static Metric.Gauge gauge(String name, String help) {
    return Kamon.gauge("mayfly." + name, help);
  }

  private static Metric.Gauge bytes(String name, String help) {
    return Kamon.gauge(name, help, MeasurementUnit.information().bytes());
  }

  private static Metric.Timer timer(String name, String help) {
    return Kamon.timer("mayfly." + name, help);
  }

  /** A time that may be longer than the hour up to which timers reach. */
  private static Metric.Histogram millis(String name, String help) {
    return Kamon.histogram("mayfly." + name, help, MeasurementUnit.time().milliseconds());
  }
}
