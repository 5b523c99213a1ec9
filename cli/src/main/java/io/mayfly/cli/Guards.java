package io.mayfly.cli;

import io.mayfly.cli.client.Request;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Under which conditions a mutation is to happen, and who asks for it. */
final class Guards {
  @Option(
      names = "--if-match",
      paramLabel = "ETAG",
      description = "Only if the entry is at this version, as shown under ETAG; * for any.")
  private @Nullable String ifMatch;

  @Option(names = "--fence", paramLabel = "TOKEN", description = "The fencing token of a lease.")
  private @Nullable Long fence;

  @Option(names = "--producer", paramLabel = "NAME", description = "Who writes.")
  private @Nullable String producer;

  @Option(
      names = "--sequence",
      paramLabel = "NUMBER",
      description = "The producer's running number.")
  private @Nullable Long sequence;

  @Option(
      names = "--vector",
      paramLabel = "VECTOR",
      description = "The version vector: \"cart=3, price=9\".")
  private @Nullable String vector;

  @Option(
      names = "--written-at",
      paramLabel = "INSTANT",
      description = "When it was written, for the last writer to win.")
  private @Nullable String writtenAt;

  @Option(
      names = "--idempotency-key",
      paramLabel = "TEXT",
      description = "Done once under this text, however often it is sent; a new one unless told.")
  private String idempotencyKey = UUID.randomUUID().toString();

  Request on(Request request) {
    return request
        .header("If-Match", tag(ifMatch))
        .header("Mayfly-Fence", fence)
        .header("Mayfly-Producer", producer)
        .header("Mayfly-Sequence", sequence)
        .header("Mayfly-Version-Vector", vector)
        .header("Mayfly-Written-At", writtenAt)
        .idempotent(idempotencyKey);
  }

  /** An ETag as HTTP writes it, also where a shell has taken its quotes away. */
  private static @Nullable String tag(@Nullable String given) {
    return given == null || given.equals("*") || given.startsWith("\"") ? given : '"' + given + '"';
  }
}
