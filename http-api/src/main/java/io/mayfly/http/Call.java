package io.mayfly.http;

import io.mayfly.http.caller.Caller;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.Format;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseTerms;
import io.mayfly.protocol.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request to one route: what handlers read from. */
final class Call {
  private static final int STORY_STANDARD = 50;
  private static final int STORY_MAX = 1000;

  private final RequestHeaders headers;
  private final List<String> segments;
  private final Query query;
  private final Caller caller;
  private final Peer peer;
  private final Body body;
  private final HttpSettings settings;
  private final long arrivedNanos;

  Call(Head head, Body body, HttpSettings settings) {
    this.headers = head.headers();
    this.segments = head.segments();
    this.query = head.query();
    this.caller = head.caller();
    this.peer = head.peer();
    this.body = body;
    this.settings = settings;
    this.arrivedNanos = head.arrivedNanos();
  }

  RequestHeaders headers() {
    return headers;
  }

  Query query() {
    return query;
  }

  /**
   * Who asks. The route's need is met; a handler asks again only about namespaces that the path
   * does not name.
   */
  Caller caller() {
    return caller;
  }

  Body body() {
    return body;
  }

  /** The namespace that the path names. */
  String namespace() {
    String namespace = segments.get(Route.NAMESPACE);
    try {
      EntryId.requireNamespace(namespace);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              ProblemType.INVALID_PATH, "A namespace is written [a-z0-9][a-z0-9._-]{0,62}.")
          .exception();
    }
    return namespace;
  }

  /** The entry that the path names. */
  EntryId entry() {
    return entry(segments.get(2), segments.get(3));
  }

  /** The entry of these names. */
  static EntryId entry(String namespace, String key) {
    try {
      return new EntryId(namespace, key);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              ProblemType.INVALID_PATH,
              "A namespace is written [a-z0-9][a-z0-9._-]{0,62}, a key has 1 to "
                  + EntryId.KEY_BYTES_MAX
                  + " bytes of UTF-8 and no control characters.")
          .exception();
    }
  }

  /** The resource that the path names. */
  LeaseId lease() {
    EntryId named = entry();
    return new LeaseId(named.namespace(), named.key());
  }

  /** The other end of the connection, which may go away while the request is worked on. */
  Peer peer() {
    return peer;
  }

  /** What a change of a resource carries. */
  LeaseTerms leaseTerms() {
    return new LeaseTerms(origin(), null);
  }

  /** What a change of a resource carries that may be retried under an idempotency key. */
  LeaseTerms retriedLeaseTerms() {
    return leaseTerms().with(IdempotencyKey.of(headers, segments, body, /* keepsValue= */ false));
  }

  /** How many events of a story are asked for, the newest. */
  int storyLimit() {
    return (int) query.number(Parameter.LIMIT, 1, STORY_MAX, STORY_STANDARD);
  }

  /** The representation to answer with. */
  Format format() {
    return Negotiation.choose(headers.accept());
  }

  /**
   * How long to wait for the answer of an entry. A time that the request names begins with its
   * head; when its body took longer to arrive, nothing is begun.
   */
  Duration timeout() {
    String text = headers.timeout();
    if (text == null) {
      return settings.timeoutDefault();
    }
    Duration timeout;
    try {
      timeout = DurationText.parse(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw RequestHeaders.invalid("Mayfly-Timeout", "expected 250ms, 30s, 5m, 2h, 7d or PT30S");
    }
    if (timeout.isZero() || timeout.isNegative()) {
      throw RequestHeaders.invalid("Mayfly-Timeout", "expected more than nothing");
    }
    Duration allowed =
        timeout.compareTo(settings.timeoutMax()) > 0 ? settings.timeoutMax() : timeout;
    Duration left = allowed.minusNanos(System.nanoTime() - arrivedNanos);
    if (left.isZero() || left.isNegative()) {
      throw Refusals.overtaken().exception();
    }
    return left;
  }

  /** Whose doing a mutation is. */
  Origin origin() {
    String producer = headers.producer();
    String traceparent = headers.traceparent();
    return producer == null && caller.name() == null && traceparent == null
        ? Origin.UNKNOWN
        : new Origin(producer, caller.name(), traceparent);
  }

  /**
   * The terms of a mutation: all that its headers and its query ask for.
   *
   * @param showsValue whether its receipt shows the value
   */
  Terms terms(boolean showsValue) {
    boolean keepsValue = showsValue || preference() == Preference.REPRESENTATION;
    return new Terms(
        lifespan(),
        Conditions.of(headers),
        origin(),
        headers.fence(),
        IdempotencyKey.of(headers, segments, body, keepsValue),
        Stamps.of(headers, keepsValue));
  }

  /** What the request would like to be answered with. */
  Preference preference() {
    return Preference.of(headers.prefer());
  }

  /** Of these headers, which belong to one operation, the first that the request names. */
  @Nullable String headerOfOneOperation() {
    if (headers.idempotencyKey() != null) {
      return "Idempotency-Key";
    }
    if (headers.fence() != 0) {
      return "Mayfly-Fence";
    }
    if (headers.ifMatch() != null) {
      return "If-Match";
    }
    return headers.ifNoneMatch() == null ? null : "If-None-Match";
  }

  private Lifespan lifespan() {
    Duration ttl = query.duration(Parameter.TTL);
    Instant expiresAt = query.instant(Parameter.EXPIRES_AT);
    if (ttl == null && expiresAt == null) {
      return Lifespan.UNSPECIFIED;
    }
    if (ttl != null && expiresAt != null) {
      throw Query.invalid(Parameter.EXPIRES_AT, "it stands together with ttl");
    }
    return new Lifespan(ttl, expiresAt);
  }

  /** The trace of the request; absent when it named none. */
  @Nullable String traceparent() {
    return headers.traceparent();
  }
}
