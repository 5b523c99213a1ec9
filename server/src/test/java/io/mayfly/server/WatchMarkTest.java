package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that are cut before they told anything can be resumed all the same. */
final class WatchMarkTest {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.configured(data, Map.of("mayfly.http.watch.heartbeat", "100ms"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void watchFromNow_cutBeforeItsFirstEvent_resumesWithoutAGap() throws Exception {
    String mark = mark("/v1/watch/mark?marks=true", any -> true);
    node.put("/v1/state/mark/a?ttl=1h", "1");

    try (WatchedStream again = WatchedStream.open(node, "/v1/watch/mark", "Last-Event-ID", mark)) {
      assertThat(again.next().text()).isEqualTo("created a 1");
    }
  }

  @Test
  void watchFromStart_cutBeforeItsFirstEvent_beginsAgain() throws Exception {
    node.put("/v1/state/marked/a?ttl=1h", "1");
    String mark = mark("/v1/watch/marked?marks=true&from=start", any -> true);

    try (WatchedStream again =
        WatchedStream.open(node, "/v1/watch/marked", "Last-Event-ID", mark)) {
      assertThat(again.next().text()).isEqualTo("created a 1");
    }
  }

  @Test
  void filteredWatch_silentWhileOthersChange_standsBehindThem() throws Exception {
    String first = mark("/v1/watch/quiet?marks=true&prefix=x", any -> true);
    node.put("/v1/state/quiet/a?ttl=1h", "1");

    String later =
        mark(
            "/v1/watch/quiet?marks=true&prefix=x&from=" + first, mark -> mark.compareTo(first) > 0);

    assertThat(later).isGreaterThan(first);
  }

  @Test
  void watchWithANotice_saysFirstWhereItStands() throws Exception {
    node.put("/v1/contracts/secret-mark", "{\"privacy\":\"secret\",\"lifetime\":{\"max\":\"1h\"}}");

    try (BufferedReader lines = lines("/v1/watch/secret-mark?marks=true&values=true")) {
      assertThat(lines.readLine()).startsWith("id: ");
      assertThat(lines.readLine()).isEmpty();
    }
  }

  @Test
  void watchThatAsksForNone_tellsNoIdWithoutAnEvent() throws Exception {
    try (BufferedReader lines = lines("/v1/watch/unmarked")) {
      assertThat(lines.readLine()).isEqualTo(":");
      node.put("/v1/state/unmarked/a?ttl=1h", "1");
      String line = lines.readLine();
      while (line.isEmpty() || line.startsWith(":")) {
        line = lines.readLine();
      }

      assertThat(line).startsWith("id: ");
      assertThat(lines.readLine()).isEqualTo("event: created");
    }
  }

  private static BufferedReader lines(String target) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            URI.create(node.uri() + target).toURL().openStream(), StandardCharsets.UTF_8));
  }

  /** The first wanted one of the ids that come without an event. */
  private static String mark(String target, Predicate<String> wanted) throws IOException {
    try (BufferedReader lines = lines(target)) {
      String id = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.isEmpty() && !id.isEmpty() && wanted.test(id)) {
          return id;
        } else if (!line.isEmpty() && !line.startsWith(":")) {
          id = "";
        }
      }
      throw new AssertionError("the stream ended");
    }
  }
}
