package io.mayfly.testkit.report;

import static io.mayfly.testkit.check.Operation.lostWrite;
import static io.mayfly.testkit.check.Operation.read;
import static io.mayfly.testkit.check.Operation.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testkit.check.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryReportTest {
  private static final Operation STALE = read(OptionalLong.of(1), 40, 50);
  private static final List<Operation> BROKEN =
      List.of(
          write(1, 0, 10),
          write(2, 20, 30),
          STALE,
          lostWrite(3, 45),
          read(OptionalLong.of(3), 60, 70),
          read(OptionalLong.of(3), 80, 90));

  @Test
  void firstAnswerWithoutExplanation_isTheOneThatIsMarked(@TempDir Path directory)
      throws IOException {
    Path file = HistoryReport.write(directory, "ns/k<1>", BROKEN);

    assertThat(HistoryReport.firstUnexplained(BROKEN)).contains(STALE);
    assertThat(file.getFileName().toString()).isEqualTo("ns_k_1_.html");
    assertThat(Files.readString(file))
        .contains("ns/k&lt;1>")
        .contains("Nothing explains <b>read of 1</b>")
        .containsOnlyOnce("<tr class=\"wrong\">")
        .contains("<td>never<td>write of 3");
  }

  @Test
  void linearizableHistory_hasNothingMarked(@TempDir Path directory) throws IOException {
    List<Operation> fine = List.of(write(1, 0, 10), read(OptionalLong.of(1), 5, 8));

    assertThat(HistoryReport.firstUnexplained(fine)).isEmpty();
    assertThat(Files.readString(HistoryReport.write(directory, "k", fine)))
        .contains("All of them can be explained")
        .doesNotContain("class=\"wrong\"");
  }
}
