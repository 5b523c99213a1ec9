package io.mayfly.http;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The requests of one connection that are not answered to their end. */
final class UnderWay {
  private final AtomicInteger requests = new AtomicInteger();
  private volatile long sinceNanos;

  UnderWay(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /** The head of a request is whole. */
  void begin() {
    requests.incrementAndGet();
  }

  /** The response, whose end is noted: at once, unless it is a stream. */
  HttpResponse answered(HttpResponse response) {
    if (response.entity() instanceof HttpEntity.Chunked streamed) {
      return response.withEntity(
          Chunks.entity(
              streamed.getContentType(),
              streamed
                  .getChunks()
                  .watchTermination(
                      (any, done) ->
                          done.whenCompleteAsync((end, failure) -> end(), Runnable::run))));
    }
    end();
    return response;
  }

  private void end() {
    sinceNanos = System.nanoTime();
    requests.decrementAndGet();
  }

  /** How long there has been none, in nanoseconds; 0 while there are some. */
  long noneForNanos(long nowNanos) {
    return requests.get() > 0 ? 0 : nowNanos - sinceNanos;
  }
}
