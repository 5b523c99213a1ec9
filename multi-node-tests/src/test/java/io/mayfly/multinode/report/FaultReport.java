package io.mayfly.multinode.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of the rounds of faults of one seed: a line each, and the worst of all. */
public final class FaultReport {
  private final List<String> lines = new ArrayList<>();
  private final Map<String, Integer> faults = new TreeMap<>();
  private long operations;
  private long tokens;
  private long additions;
  private Duration takenOver = Duration.ZERO;
  private Duration late = Duration.ZERO;

  /**
   * What came of one round.
   *
   * @param fault its kind
   * @param takenOver until keys were served again by the nodes that were left
   * @param late the longest lateness of an end
   */
  public record Round(
      String fault,
      int operations,
      Duration takenOver,
      Duration whole,
      Duration late,
      long tokens,
      long additions) {}

  /** Notes a round in which everything held. */
  public void add(Round round) {
    faults.merge(round.fault(), 1, Integer::sum);
    operations += round.operations();
    tokens += round.tokens();
    additions += round.additions();
    takenOver = longer(takenOver, round.takenOver());
    late = longer(late, round.late());
    lines.add(round.toString());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** The worst of all rounds, in a line. */
  public String summary() {
    return lines.size()
        + " rounds without a violation: "
        + operations
        + " operations, taken over after "
        + takenOver
        + " at most, ends at most "
        + late
        + " late, "
        + tokens
        + " tokens, "
        + additions
        + " additions; "
        + faults;
  }

  /** Writes all lines and the summary to a file. */
  public void write(Path file) {
    List<String> all = new ArrayList<>(lines);
    all.add(summary());
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
