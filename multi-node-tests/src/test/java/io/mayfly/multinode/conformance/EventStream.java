package io.mayfly.multinode.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A stream of events, as server-sent events or as lines of JSON. */
final class EventStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Received head;
  private final boolean lines;
  private final BufferedReader reader;

  EventStream(HttpResponse<InputStream> response) {
    head = new Received(response.statusCode(), response.headers(), new byte[0]);
    lines = response.headers().firstValue("Content-Type").orElse("").contains("ndjson");
    reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The head of the answer. */
  Received head() {
    return head;
  }

  /** Waits for the next event: its {@code id}, {@code event} and {@code data}. */
  ObjectNode next() throws IOException {
    ObjectNode event = JSON.createObjectNode();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (lines && !line.isEmpty()) {
        return ofLine(JSON.readTree(line));
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        String text = line.substring(colon + 1).strip();
        String field = line.substring(0, colon);
        if (field.equals("data")) {
          event.set(field, JSON.readTree(text));
        } else {
          event.put(field, text);
        }
      } else if (line.isEmpty() && !event.isEmpty()) {
        return event;
      }
    }
    throw new IOException("the stream ended");
  }

  private static ObjectNode ofLine(JsonNode line) {
    ObjectNode event = JSON.createObjectNode();
    for (String member : new String[] {"id", "event"}) {
      if (line.has(member)) {
        event.set(member, line.get(member));
      }
    }
    event.set("data", line);
    return event;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
