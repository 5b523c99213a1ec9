package io.mayfly.testkit.report;

import io.mayfly.testkit.check.Linearizability;
import io.mayfly.testkit.check.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A page that shows the history of one key which is not linearizable: every operation as a bar from
 * its call to its answer, and the first answer that nothing explains in red.
 */
public final class HistoryReport {
  private static final int AROUND = 40;
  private static final int LANE = 22;
  private static final int WIDTH = 1_600;
  private static final String STYLE =
      """
      body { font: 14px sans-serif; margin: 2em; }
      text { font: 11px monospace; }
      table { border-collapse: collapse; font: 12px monospace; }
      td, th { border: 1px solid #ccc; padding: 2px 8px; text-align: right; }
      .write { fill: #cfe3ff; } .read { fill: #d9f2d9; } .lost { fill: #eee; }
      .wrong { fill: #ff9c9c; background: #ff9c9c; }
      """;

  private final String title;
  private final List<Operation> operations;
  private final Optional<Operation> wrong;
  private final List<Operation> shown;

  private HistoryReport(String title, List<Operation> history) {
    this.title = title;
    this.operations =
        history.stream().sorted(Comparator.comparingLong(Operation::calledNanos)).toList();
    this.wrong = firstUnexplained(history);
    this.shown = around();
  }

  /**
   * Writes a page.
   *
   * @return where it is
   */
  public static Path write(Path directory, String key, List<Operation> history) {
    try {
      Path file =
          Files.createDirectories(directory)
              .resolve(key.replaceAll("[^A-Za-z0-9.-]", "_") + ".html");
      return Files.writeString(file, new HistoryReport(key, history).page());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The first answer with which the history cannot be explained: without the later ones it can be.
   */
  static Optional<Operation> firstUnexplained(List<Operation> history) {
    List<Operation> answered =
        history.stream()
            .filter(Operation::certain)
            .sorted(Comparator.comparingLong(Operation::answeredNanos))
            .toList();
    int explained = 0;
    int unexplained = answered.size() + 1;
    while (unexplained - explained > 1) {
      int middle = (explained + unexplained) / 2;
      if (Linearizability.holds(until(history, answered.get(middle - 1).answeredNanos()))) {
        explained = middle;
      } else {
        unexplained = middle;
      }
    }
    return unexplained > answered.size()
        ? Optional.empty()
        : Optional.of(answered.get(unexplained - 1));
  }

  /**
   * What was known at a moment: of operations under way nobody knows whether they have happened.
   */
  private static List<Operation> until(List<Operation> history, long nanos) {
    List<Operation> known = new ArrayList<>();
    for (Operation operation : history) {
      if (operation.answeredNanos() <= nanos) {
        known.add(operation);
      } else if (operation.kind() == Operation.Kind.WRITE && operation.calledNanos() <= nanos) {
        known.add(
            new Operation(
                Operation.Kind.WRITE, operation.value(), operation.calledNanos(), Long.MAX_VALUE));
      }
    }
    return known;
  }

  /** The operations near the one that is wrong; the last ones where none is. */
  private List<Operation> around() {
    int at = wrong.map(operations::indexOf).orElse(operations.size());
    return operations.subList(Math.max(0, at - AROUND), Math.min(operations.size(), at + AROUND));
  }

  private String page() {
    StringBuilder page = new StringBuilder("<!doctype html><meta charset=\"utf-8\"><title>");
    page.append(escaped(title)).append("</title><style>").append(STYLE).append("</style><h1>");
    page.append(escaped(title)).append("</h1><p>").append(operations.size());
    page.append(" operations, of which ").append(shown.size()).append(" are shown. ");
    page.append(
        wrong
            .map(operation -> "Nothing explains <b>" + text(operation) + "</b>.")
            .orElse("All of them can be explained."));
    drawing(page);
    table(page);
    return page.toString();
  }

  private long start() {
    return shown.isEmpty() ? 0 : shown.get(0).calledNanos();
  }

  private long end() {
    return shown.stream()
        .mapToLong(operation -> Math.max(operation.calledNanos(), answered(operation)))
        .max()
        .orElse(1);
  }

  /** A bar without an answer is drawn to its beginning alone. */
  private static long answered(Operation operation) {
    return operation.certain() ? operation.answeredNanos() : operation.calledNanos();
  }

  private void drawing(StringBuilder page) {
    List<Long> laneEnds = new ArrayList<>();
    StringBuilder bars = new StringBuilder();
    double scale = (double) WIDTH / Math.max(1, end() - start());
    for (Operation operation : shown) {
      int lane = 0;
      while (lane < laneEnds.size() && laneEnds.get(lane) > operation.calledNanos()) {
        lane++;
      }
      if (lane == laneEnds.size()) {
        laneEnds.add(0L);
      }
      laneEnds.set(lane, answered(operation));
      double x = (operation.calledNanos() - start()) * scale;
      double width = Math.max(3, (answered(operation) - operation.calledNanos()) * scale);
      bars.append(
          String.format(
              Locale.ROOT,
              "<g><title>%s</title><rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
                  + " height=\"%d\" stroke=\"#888\"/><text x=\"%.1f\" y=\"%d\">%s</text></g>",
              text(operation),
              style(operation),
              x,
              lane * LANE,
              width,
              LANE - 4,
              x + 2,
              lane * LANE + 13,
              symbol(operation)));
    }
    page.append("<svg width=\"").append(WIDTH + 80).append("\" height=\"");
    page.append(laneEnds.size() * LANE + 10).append("\">").append(bars).append("</svg>");
  }

  private void table(StringBuilder page) {
    page.append("<table><tr><th>called ms<th>answered ms<th>what</tr>");
    for (Operation operation : shown) {
      page.append("<tr class=\"").append(style(operation)).append("\"><td>");
      page.append(millis(operation.calledNanos())).append("<td>");
      page.append(operation.certain() ? millis(operation.answeredNanos()) : "never");
      page.append("<td>").append(text(operation)).append("</tr>");
    }
    page.append("</table>");
  }

  private String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f", (nanos - start()) / 1e6);
  }

  private String style(Operation operation) {
    if (wrong.filter(operation::equals).isPresent()) {
      return "wrong";
    }
    if (!operation.certain()) {
      return "lost";
    }
    return operation.kind() == Operation.Kind.WRITE ? "write" : "read";
  }

  private static String symbol(Operation operation) {
    String value = operation.value().isPresent() ? "" + operation.value().getAsLong() : "-";
    return (operation.kind() == Operation.Kind.WRITE ? "w" : "r") + value;
  }

  private static String text(Operation operation) {
    String value = operation.value().isPresent() ? "" + operation.value().getAsLong() : "nothing";
    return operation.kind() == Operation.Kind.WRITE ? "write of " + value : "read of " + value;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
