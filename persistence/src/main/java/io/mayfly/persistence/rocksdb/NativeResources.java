package io.mayfly.persistence.rocksdb;

import java.util.ArrayDeque;
import java.util.Deque;

/** Objects in native memory, closed in the reverse order of their making. */
final class NativeResources implements AutoCloseable {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing native memory failed", e);
      }
    }
  }
}
