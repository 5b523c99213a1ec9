package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import org.jspecify.annotations.Nullable;

/**
 * Who caused a mutation, as far as known.
 *
 * @param producer the client's own name ({@code Mayfly-Producer})
 * @param caller the authenticated name
 * @param traceparent the W3C trace context of the request
 */
public record Origin(
    @Nullable String producer, @Nullable String caller, @Nullable String traceparent)
    implements WireMessage {
  /** Nobody known: timers, and requests without names. */
  public static final Origin UNKNOWN = new Origin(null, null, null);
}
