package io.mayfly.cli.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.screen.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The items of one JSON array. */
final class ArrayItems implements Items {
  private final JsonParser parser;

  /** An array whose first bracket is still to be read. */
  ArrayItems(InputStream in) throws IOException {
    parser = Json.factory().createParser(in);
    parser.nextToken();
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    try {
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        return null;
      }
      JsonNode item = parser.readValueAsTree();
      if (item == null) {
        throw new IllegalArgumentException("the array is not closed");
      }
      return Json.line(item).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the array is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
