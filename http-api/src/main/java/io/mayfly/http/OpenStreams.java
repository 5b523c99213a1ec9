package io.mayfly.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The streams that are being answered, and the moment at which none is any more. */
final class OpenStreams {
  private int count;
  private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

  /** One more is answered, until the stage completes. */
  void opened(CompletionStage<?> done) {
    synchronized (this) {
      if (count++ == 0) {
        ended = new CompletableFuture<>();
      }
    }
    var unused = done.whenComplete((any, failure) -> closed());
  }

  private void closed() {
    CompletableFuture<Void> last = null;
    synchronized (this) {
      if (--count == 0) {
        last = ended;
      }
    }
    if (last != null) {
      last.complete(null);
    }
  }

  /** Completes when none is answered; at once when none is now. */
  synchronized CompletionStage<Void> ended() {
    return ended;
  }
}
