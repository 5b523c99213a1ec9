package io.mayfly.cli.screen;

import java.util.ArrayList;
import java.util.List;

/**
 * A table that is printed in blocks, so that it can be as long as it likes: columns are as wide as
 * the widest cell that was seen so far. On a terminal the last column is cut at its edge.
 */
public final class Table {
  private static final String GAP = "  ";
  private static final int LAST_COLUMN_MIN = 8;
  private static final int BLOCK_ROWS_MAX = 1000;

  private final Screen screen;
  private final List<String> head;
  private final int[] widths;
  private final List<List<String>> block = new ArrayList<>();
  private boolean begun;

  /** A table with these column heads. */
  public Table(Screen screen, String... head) {
    this.screen = screen;
    this.head = List.of(head);
    this.widths = new int[head.length];
    measure(this.head);
  }

  /** At least this wide, where later cells will be wider than the first ones. */
  public Table atLeast(int... least) {
    for (int i = 0; i < least.length; i++) {
      widths[i] = Math.max(widths[i], least[i]);
    }
    return this;
  }

  /** Adds a row to the block, which is printed when it is long. */
  public void row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException("cells: " + cells.length + " of " + head.size());
    }
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(oneLine(cell.isEmpty() ? "-" : cell));
    }
    measure(row);
    block.add(row);
    if (block.size() >= BLOCK_ROWS_MAX) {
      print();
    }
  }

  /** Prints the block. */
  public void print() {
    if (!begun && !block.isEmpty()) {
      line(head);
      begun = true;
    }
    block.forEach(this::line);
    block.clear();
    screen.out().flush();
  }

  private void measure(List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      widths[i] = Math.max(widths[i], cell.codePointCount(0, cell.length()));
    }
  }

  private void line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    int last = cells.size() - 1;
    int column = 0;
    for (int i = 0; i < last; i++) {
      String cell = cells.get(i);
      int padding = widths[i] - cell.codePointCount(0, cell.length());
      line.append(cell).append(" ".repeat(padding)).append(GAP);
      column += widths[i] + GAP.length();
    }
    line.append(cut(cells.get(last), screen.width() - column));
    screen.out().println(line.toString().stripTrailing());
  }

  private String cut(String cell, int room) {
    int bound = Math.max(room, LAST_COLUMN_MIN);
    if (screen.width() == 0 || cell.codePointCount(0, cell.length()) <= bound) {
      return cell;
    }
    return cell.substring(0, cell.offsetByCodePoints(0, bound - 1)) + '…';
  }

  /** Whatever a cell holds, it stays on its line, and no terminal takes it for a command. */
  private static String oneLine(String cell) {
    StringBuilder safe = new StringBuilder();
    cell.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                safe.append(String.format("\\u%04x", c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }
}
