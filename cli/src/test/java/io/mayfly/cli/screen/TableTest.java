package io.mayfly.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tables, and the line that tells progress. */
final class TableTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void cells_ofDifferentWidth_standInColumns() {
    Table table = new Table(screen(0, false), "KEY", "N");
    table.row("a-longer-key", "1");
    table.row("ü", "");
    table.print();

    assertThat(printed()).isEqualTo("KEY           N\na-longer-key  1\nü             -\n");
  }

  @Test
  void blocks_several_haveOneHeadAndKeepTheirWidth() {
    Table table = new Table(screen(0, false), "KEY", "N");
    table.row("wide-key", "1");
    table.print();
    table.row("k", "2");
    table.print();

    assertThat(printed()).isEqualTo("KEY       N\nwide-key  1\nk         2\n");
  }

  @Test
  void nothing_printed_hasNoHead() {
    new Table(screen(0, false), "KEY").print();

    assertThat(printed()).isEmpty();
  }

  @Test
  void lastColumn_onATerminal_endsAtItsEdge() {
    Table table = new Table(screen(20, false), "KEY", "VALUE");
    table.row("key", "0123456789012345678901234567890");
    table.print();

    assertThat(printed().lines().toList().get(1)).isEqualTo("key  01234567890123…").hasSize(20);
  }

  @Test
  void lastColumn_inAPipe_isWhole() {
    Table table = new Table(screen(0, false), "KEY", "VALUE");
    table.row("key", "0123456789".repeat(30));
    table.print();

    assertThat(printed()).contains("0123456789".repeat(30));
  }

  @Test
  void controlCharacters_inAKey_areSpelt() {
    Table table = new Table(screen(0, false), "KEY");
    table.row("a\u001b[2J\nb");
    table.print();

    assertThat(printed()).isEqualTo("KEY\na\\u001b[2J\\u000ab\n");
  }

  @Test
  void progress_whereNobodyLooks_isSilent() {
    try (Progress progress = new Progress(screen(0, false), "entries", false)) {
      advance(progress);
    }

    assertThat(printed()).isEmpty();
  }

  @Test
  void progress_whereSomebodyLooks_isToldAndTakenAway() {
    try (Progress progress = new Progress(screen(80, true), "entries", false)) {
      advance(progress);
      assertThat(progress.text()).contains("entries").contains("/s");
    }

    assertThat(printed()).contains("entries").endsWith("\r\u001b[K");
  }

  @Test
  void progress_besideWhatIsPrinted_isSilent() {
    try (Progress progress = new Progress(screen(80, true), "entries", true)) {
      advance(progress);
    }

    assertThat(printed()).isEmpty();
  }

  @Test
  void rows_many_arePrintedBeforeTheBlockEnds() {
    Table table = new Table(screen(0, false), "KEY");
    for (int i = 0; i < 1000; i++) {
      table.row("k");
    }

    assertThat(printed().lines()).hasSize(1001);
  }

  /** Until it is due to be told: every 200 ms. */
  private static void advance(Progress progress) {
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < 300_000_000L) {
      progress.add(100);
    }
  }

  private Screen screen(int width, boolean attended) {
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new Screen(InputStream.nullInputStream(), stream, stream, width, attended, false);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
