package io.mayfly.server;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The basics of an entry, journaled. */
final class JournaledEntryTest extends EntryBasics {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of("durability", "journaled"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Override
  TestNode node() {
    return node;
  }

  @Override
  String durability() {
    return "journaled";
  }
}
