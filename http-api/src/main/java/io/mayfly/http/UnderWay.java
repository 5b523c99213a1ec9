package io.mayfly.http;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

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

  /** The response, whose end is noted. */
  HttpResponse answered(HttpResponse response) {
    if (response.entity() instanceof HttpEntity.Strict) {
      end();
      return response;
    }
    return response.transformEntityDataBytes(
        Flow.<ByteString>create()
            .watchTermination(
                (unused, done) -> done.whenCompleteAsync((any, failure) -> end(), Runnable::run)));
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
