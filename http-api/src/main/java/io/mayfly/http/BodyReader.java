package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.Bytes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * Reads bodies that did not arrive with their head, within bounds of bytes and time.
 *
 * <p>Invariant: the stream of a body is never cancelled. Pekko HTTP aborts the connection then, and
 * the client would not see the refusal. What is too much is read and dropped, up to a bound; past
 * it the answer goes out early and Pekko HTTP closes the connection after it.
 */
final class BodyReader {
  private final ActorSystem<?> system;
  private final Materializer materializer;
  private final HttpSettings settings;

  BodyReader(ActorSystem<?> system, HttpSettings settings) {
    this.system = system;
    this.settings = settings;
    this.materializer = SystemMaterializer.get(system).materializer();
  }

  /** Reads the body, or fails with the problem that it has. */
  CompletionStage<ByteString> read(RequestEntity entity) {
    return gather(entity, settings.bodyBytesMax(), false);
  }

  /** Reads the body and drops it; completes, and never fails, when the answer can go out. */
  CompletionStage<ByteString> drain(RequestEntity entity) {
    return gather(entity, 0, true).exceptionally(failure -> ByteString.emptyByteString());
  }

  private CompletionStage<ByteString> gather(RequestEntity entity, int bytesMax, boolean drop) {
    if (entity instanceof HttpEntity.Strict strict) {
      return CompletableFuture.completedFuture(strict.getData());
    }
    Gathering gathering = new Gathering(bytesMax, drop, settings.drainBytesMax());
    if (entity.getContentLengthOption().orElse(0) > settings.drainBytesMax()) {
      gathering.done.completeExceptionally(tooLarge(bytesMax));
    }
    Cancellable timeout =
        system
            .scheduler()
            .scheduleOnce(settings.bodyTimeout(), gathering::late, system.executionContext());
    // The stages of streams run continuations on the common pool unless told otherwise.
    entity
        .getDataBytes()
        .runWith(Sink.foreach(gathering::add), materializer)
        .whenCompleteAsync(
            (done, failure) -> {
              timeout.cancel();
              gathering.end(failure == null);
            },
            Runnable::run);
    return gathering.done;
  }

  private static ProblemException tooLarge(int bytesMax) {
    return Problem.of(ProblemType.VALUE_TOO_LARGE, "The body has more than " + bytesMax + " bytes.")
        .exception();
  }

  /** What has arrived of one body. */
  private static final class Gathering {
    private final CompletableFuture<ByteString> done = new CompletableFuture<>();
    private final Bytes bytes = new Bytes(1024);
    private final int bytesMax;
    private final boolean drop;
    private final long drainMax;
    private long size;

    private Gathering(int bytesMax, boolean drop, long drainMax) {
      this.bytesMax = bytesMax;
      this.drop = drop;
      this.drainMax = drainMax;
    }

    private void add(ByteString chunk) {
      size += chunk.size();
      if (size > drainMax) {
        done.completeExceptionally(tooLarge(bytesMax));
      } else if (!drop && size <= bytesMax) {
        byte[] array = chunk.toArrayUnsafe();
        bytes.write(array, 0, array.length);
      }
    }

    private void end(boolean whole) {
      if (!whole) {
        done.completeExceptionally(
            Problem.of(ProblemType.MALFORMED_REQUEST, "The body is cut off or wrongly framed.")
                .exception());
      } else if (size > bytesMax) {
        done.completeExceptionally(tooLarge(bytesMax));
      } else {
        done.complete(bytes.toByteString());
      }
    }

    private void late() {
      done.completeExceptionally(
          Problem.of(ProblemType.REQUEST_TIMEOUT, "The body did not arrive in time.").exception());
    }
  }
}
