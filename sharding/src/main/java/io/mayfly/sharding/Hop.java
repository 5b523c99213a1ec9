package io.mayfly.sharding;

import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.telemetry.Tracing;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The way of a request to its key, on this node or another, and back. */
final class Hop {
  private Hop() {}

  /**
   * Begins the hop of what this thread works on; it ends with the reply.
   *
   * @return the context of what happens at the key; absent when the request is not followed
   */
  static @Nullable String begin(
      Tracing tracing,
      Contracts contracts,
      String namespace,
      String key,
      CompletableFuture<?> reply) {
    String context = tracing.current();
    if (context == null) {
      return null;
    }
    Tracing.Span hop =
        tracing
            .step("hop", context, 0)
            .tag("namespace", namespace)
            .tag("key", new LogNames(contracts).key(namespace, key));
    var unused = reply.whenComplete((answer, failure) -> hop.finish());
    return hop.context();
  }
}
