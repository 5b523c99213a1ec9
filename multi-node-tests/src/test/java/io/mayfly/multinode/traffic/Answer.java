package io.mayfly.multinode.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * What came back for one request.
 *
 * @param etag of the entry, where there was one
 */
public record Answer(int status, Optional<String> etag, String body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whether the request had its effect. */
  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /** Whether it is certain that the request had no effect. */
  public boolean isRefusal() {
    return !isSuccess() && status != 504 && status != 500;
  }

  /** The body as JSON. */
  public JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + body, e);
    }
  }
}
