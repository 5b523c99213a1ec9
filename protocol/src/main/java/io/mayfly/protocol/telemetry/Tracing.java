package io.mayfly.protocol.telemetry;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The port to a node's tracer. It follows some requests and no others; where a request is not
 * followed there is no span and no context, and nothing is done.
 *
 * <p>A context is a {@code traceparent} (W3C Trace Context) with the flag {@code sampled}. Spans
 * tell where time went; names of entries in them obey the contract's privacy, and values never
 * appear.
 */
public interface Tracing {
  /** Nothing is followed. */
  Tracing OFF = new Tracing() {};

  /**
   * Begins the span of a request that arrives. Whoever sent it decides whether it is followed; who
   * named no trace leaves that to the node.
   *
   * @param traceparent the trace that the request named; absent when it named none
   * @return absent when the request is not followed
   */
  default @Nullable Span request(String operation, @Nullable String traceparent) {
    return null;
  }

  /**
   * Begins a step of what a context stands for.
   *
   * @param sinceNanos how long ago it began
   */
  default Span step(String name, String context, long sinceNanos) {
    return Span.NONE;
  }

  /**
   * Begins what nobody asked for, in a trace of its own that links to another one.
   *
   * @param origin the trace that it goes back to; absent for none
   * @return absent when that trace is not followed
   */
  default @Nullable Span consequence(String name, @Nullable String origin) {
    return null;
  }

  /**
   * Begins the end of something. One that somebody asked for is a step of what asked; one that the
   * clock brought is a trace of its own. Both link to the trace that created it.
   *
   * @param context of what asked; absent when nobody did, or it is not followed
   * @param origin the trace of the creation; absent when it named none
   * @return absent when neither is followed
   */
  default @Nullable Span end(@Nullable String context, @Nullable String origin) {
    if (context == null) {
      return consequence("end", origin);
    }
    Span end = step("end", context, 0);
    return origin == null ? end : end.link(origin);
  }

  /** The context in which this thread works; absent when what it works on is not followed. */
  default @Nullable String current() {
    return null;
  }

  /** Works in a context. */
  default <T> T within(String context, Supplier<T> work) {
    return work.get();
  }

  /** Something that took time. Used by one thread at a time. */
  interface Span {
    /** No span. */
    Span NONE =
        new Span() {
          @Override
          public String context() {
            return "";
          }

          @Override
          public Span tag(String name, String value) {
            return this;
          }

          @Override
          public Span link(String traceparent) {
            return this;
          }

          @Override
          public void finish() {}
        };

    /** The context of its steps. */
    String context();

    /** Says something about it. */
    Span tag(String name, String value);

    /** Says which other trace it goes back to. */
    Span link(String traceparent);

    /** It is over. */
    void finish();
  }
}
