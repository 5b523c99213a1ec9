package io.mayfly.cli.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of the server. */
public final class Request {
  /** The type of values, documents and single operations. */
  public static final String JSON = "application/json";

  /** The type of streams of lines. */
  public static final String NDJSON = "application/x-ndjson";

  private final String method;
  private final String target;
  private final Map<String, String> headers;
  private final byte @Nullable [] body;
  private final boolean repeatable;
  private final Duration longer;

  private Request(
      String method,
      String target,
      Map<String, String> headers,
      byte @Nullable [] body,
      boolean repeatable,
      Duration longer) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
    this.repeatable = repeatable;
    this.longer = longer;
  }

  /** A read. */
  public static Request get(Target target) {
    return new Request("GET", target.toString(), Map.of(), null, true, Duration.ZERO);
  }

  /** A change without a body. */
  public static Request of(String method, Target target) {
    return new Request(method, target.toString(), Map.of(), null, false, Duration.ZERO);
  }

  /** The same with a body. */
  public Request body(String type, byte[] bytes) {
    Request typed = header("Content-Type", type);
    return new Request(method, target, typed.headers, bytes, repeatable, longer);
  }

  /** The same with a header; left out when its value is null. */
  public Request header(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value.toString());
    return new Request(method, target, more, body, repeatable, longer);
  }

  /** The same with an idempotency key, and so with retries after any failure. */
  public Request idempotent(String key) {
    Request keyed = header("Idempotency-Key", '"' + key + '"');
    return new Request(method, target, keyed.headers, body, true, longer);
  }

  /** The same, to be sent again after any failure: doing it twice is doing it once. */
  public Request repeated() {
    return new Request(method, target, headers, body, true, longer);
  }

  /** The same with more time. */
  public Request waiting(Duration more) {
    return new Request(method, target, headers, body, repeatable, more);
  }

  String method() {
    return method;
  }

  String target() {
    return target;
  }

  Map<String, String> headers() {
    return headers;
  }

  byte @Nullable [] body() {
    return body;
  }

  /**
   * Whether it may be sent again when nobody knows what became of it: reads, and mutations that
   * carry an idempotency key.
   */
  boolean repeatable() {
    return repeatable;
  }

  /** How much longer than usual its answer may take, since the server is asked to wait. */
  Duration longer() {
    return longer;
  }
}
