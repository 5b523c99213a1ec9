package io.mayfly.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.screen.Json;
import java.nio.charset.StandardCharsets;

/** A whole answer. */
public final class Answer {
  private final byte[] body;

  Answer(byte[] body) {
    this.body = body;
  }

  /** The body as it came. */
  public byte[] body() {
    return body;
  }

  /** The body as a document. */
  public JsonNode json() {
    return Json.read(body);
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
