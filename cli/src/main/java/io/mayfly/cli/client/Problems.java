package io.mayfly.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.cli.screen.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The problem documents of the server (RFC 9457). */
public final class Problems {
  private static final String URN = "urn:mayfly:problem:";
  private static final int SHOWN_MAX = 200;

  private Problems() {}

  /** The problem that an answer carries, or one that says what the answer was instead. */
  static JsonNode of(int status, byte[] body) {
    try {
      JsonNode document = Json.read(body);
      if (document.path("type").asText().startsWith(URN)) {
        return document;
      }
    } catch (IllegalArgumentException e) {
      // Not Mayfly's answer: told below.
    }
    String text = new Answer(body).text().strip();
    ObjectNode problem = Json.object();
    problem.put("type", "about:blank");
    problem.put("title", "The answer is none of Mayfly's");
    problem.put("status", status);
    problem.put("detail", text.substring(0, Math.min(text.length(), SHOWN_MAX)));
    return problem;
  }

  /** The last part of the type. */
  public static String type(JsonNode problem) {
    String type = problem.path("type").asText();
    return type.startsWith(URN) ? type.substring(URN.length()) : type;
  }

  /** Title, type, detail, and each error, for people. */
  public static String text(JsonNode problem) {
    StringBuilder text = new StringBuilder(problem.path("title").asText());
    text.append(" (").append(problem.path("status").asText());
    text.append(' ').append(type(problem)).append(')');
    line(text, problem.path("detail").asText(), "");
    for (JsonNode error : problem.path("errors")) {
      String where = error.path("pointer").asText();
      line(
          text,
          error.path("rule").asText() + (where.isEmpty() ? "" : " at " + where),
          ": " + error.path("detail").asText());
    }
    for (JsonNode holder : problem.path("holders")) {
      line(
          text,
          "held by " + holder.path("holder").asText(),
          " until " + holder.path("expiresAt").asText());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String begin, String end) {
    if (!(begin + end).isBlank()) {
      text.append("\n  ").append(begin).append(end);
    }
  }

  /** The least wait that the server asks for. */
  static @Nullable Duration retryAfter(JsonNode problem) {
    JsonNode millis = problem.path("retryAfterMs");
    return millis.canConvertToLong() ? Duration.ofMillis(millis.asLong()) : null;
  }
}
