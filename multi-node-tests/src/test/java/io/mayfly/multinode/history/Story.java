package io.mayfly.multinode.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The life story of a key, as the server tells it, oldest first. */
public record Story(List<Line> lines) {

  /**
   * One event.
   *
   * @param reason empty unless it is an end
   */
  public record Line(Version version, Instant at, String event, String reason) {}

  /** Reads what {@code GET …/history} answers. */
  public static Story read(JsonNode history) {
    List<Line> lines = new ArrayList<>();
    for (JsonNode event : history.path("events")) {
      lines.add(
          new Line(
              new Version(event.path("incarnation").asLong(), event.path("revision").asLong()),
              Instant.parse(event.path("at").asText()),
              event.path("event").asText(),
              event.path("reason").asText("")));
    }
    return new Story(List.copyOf(lines));
  }

  /** The ends. */
  public List<Line> ends() {
    return lines.stream().filter(line -> line.event().equals("ended")).toList();
  }

  /** The newest event. */
  public Line last() {
    return lines.get(lines.size() - 1);
  }
}
