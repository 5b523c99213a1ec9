package io.mayfly.multinode.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One vector as it stands in its file.
 *
 * @param group the file's
 * @param content with its steps, or with what a pure case says
 */
public record Case(String group, String name, JsonNode content) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;

  /** Where the vectors are. */
  public static Path directory() {
    return Path.of(System.getProperty("basedir", "."), "../clients/conformance").normalize();
  }

  /** All vectors; fails when their number is not the one that {@code version.json} says. */
  public static List<Case> all() throws IOException {
    JsonNode version = JSON.readTree(directory().resolve("version.json").toFile());
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory().resolve("cases"))) {
      for (Path file : files.sorted().toList()) {
        cases.addAll(in(file));
      }
    }
    if (version.path("version").asInt() != VERSION
        || version.path("cases").asInt() != cases.size()) {
      throw new AssertionError(cases.size() + " cases, but version.json says " + version);
    }
    return cases;
  }

  private static List<Case> in(Path file) throws IOException {
    JsonNode document = JSON.readTree(file.toFile());
    if (document.path("version").asInt() != VERSION) {
      throw new AssertionError("not of version " + VERSION + ": " + file);
    }
    List<Case> cases = new ArrayList<>();
    for (JsonNode content : document.path("cases")) {
      cases.add(new Case(document.path("group").asText(), content.path("name").asText(), content));
    }
    return cases;
  }
}
