package io.mayfly.cli.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.cli.client.Answer;
import io.mayfly.cli.client.Client;
import io.mayfly.cli.client.Deadline;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Failure;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A long stream of lines, sent as many short requests, one after the other. Each is sent again when
 * its answer does not come, so whoever adds mutations gives each an idempotency key.
 *
 * <p>A request goes out before its answer is read. So a piece is small enough that the server takes
 * all of it, even when nobody takes what the server answers.
 */
public final class Pieces {
  private static final int LINES_MAX = 256;
  private static final int BYTES_MAX = 65_536;
  private static final int ANSWER_BYTES_MAX = 16 * 1024 * 1024;

  private final Client client;
  private final Target target;
  private final Taker taker;
  private final boolean patient;
  private final List<Line> piece = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private long sent;
  private int bytes;

  /** Takes the answer to each line. */
  public interface Taker {
    /** The answer to the line of this index, which counts over all pieces. */
    void answered(long index, byte[] line, JsonNode answer);
  }

  private static final class Line {
    private final long index;
    private final byte[] bytes;

    private Line(long index, byte[] bytes) {
      this.index = index;
      this.bytes = bytes;
    }
  }

  /**
   * A stream to this target.
   *
   * @param patient whether a line that was refused for now (429, 503, 504) is sent again, while the
   *     client's timeout lasts; then a piece has a key once, so that none overtakes its successor
   */
  public Pieces(Client client, Target target, boolean patient, Taker taker) {
    this.client = client;
    this.target = target;
    this.patient = patient;
    this.taker = taker;
  }

  /**
   * Adds a line, and sends what there is when it is enough.
   *
   * @param key what the line is about
   */
  public void add(byte[] line, String key) {
    boolean full = piece.size() >= LINES_MAX || bytes + line.length > BYTES_MAX;
    if (!piece.isEmpty() && (full || (patient && keys.contains(key)))) {
      flush();
    }
    piece.add(new Line(sent + piece.size(), line));
    keys.add(key);
    bytes += line.length;
  }

  /** Sends what there is. */
  public void flush() {
    List<Line> open = List.copyOf(piece);
    Deadline deadline = Deadline.in(client.timeout());
    for (int failed = 1; !open.isEmpty(); failed++) {
      List<JsonNode> answers = exchanged(open);
      Duration pause = client.backoff().after(failed, asked(answers));
      boolean again = patient && pause.compareTo(deadline.left()) < 0;
      List<Line> refused = new ArrayList<>();
      for (int i = 0; i < open.size(); i++) {
        if (again && refusedForNow(answers.get(i))) {
          refused.add(open.get(i));
        } else {
          taker.answered(open.get(i).index, open.get(i).bytes, answers.get(i));
        }
      }
      open = refused;
      pause(open.isEmpty() ? Duration.ZERO : pause);
    }
    sent += piece.size();
    piece.clear();
    keys.clear();
    bytes = 0;
  }

  private static boolean refusedForNow(JsonNode answer) {
    int status = answer.path("status").asInt();
    return status == 429 || status == 503 || status == 504;
  }

  private static Duration asked(List<JsonNode> answers) {
    long millis = 0;
    for (JsonNode answer : answers) {
      millis = Math.max(millis, answer.path("problem").path("retryAfterMs").asLong());
    }
    return Duration.ofMillis(millis);
  }

  private static void pause(Duration pause) {
    try {
      Deadline.pause(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(ExitCode.UNKNOWN, "Interrupted", "Look at what was done before.");
    }
  }

  private List<JsonNode> exchanged(List<Line> lines) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Line line : lines) {
      body.writeBytes(line.bytes);
      body.write('\n');
    }
    Answer answer =
        client.send(
            Request.of("POST", target)
                .body(Request.NDJSON, body.toByteArray())
                .header("Accept", Request.NDJSON)
                .repeated());
    List<JsonNode> answers = read(answer);
    if (answers.size() != lines.size()) {
      throw Failure.of(
          ExitCode.UNKNOWN,
          "The answer has " + answers.size() + " lines for " + lines.size() + " operations",
          "Run the same input again: what was done already is not done twice if each operation"
              + " has an idempotencyKey.");
    }
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i) instanceof ObjectNode object && object.has("index")) {
        object.put("index", lines.get(i).index);
      }
    }
    return answers;
  }

  private static List<JsonNode> read(Answer answer) {
    List<JsonNode> answers = new ArrayList<>();
    try (Lines lines = new Lines(new ByteArrayInputStream(answer.body()), ANSWER_BYTES_MAX)) {
      byte[] line;
      while ((line = lines.next()) != null) {
        answers.add(Json.read(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answers;
  }
}
