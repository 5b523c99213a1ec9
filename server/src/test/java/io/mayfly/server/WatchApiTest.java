package io.mayfly.server;

import java.util.Map;

/** Watching what is kept in the embedded store. */
final class WatchApiTest extends WatchSuite {
  @Override
  Map<String, Object> store() {
    return Map.of();
  }
}
