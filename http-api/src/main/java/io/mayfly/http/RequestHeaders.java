package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/** The request headers that the gateway reads, gathered in one pass. */
final class RequestHeaders {
  private String method = "";
  private String rawTarget = "";
  private @Nullable String authorization;
  private @Nullable String accept;
  private @Nullable String contentType;
  private @Nullable String contentEncoding;
  private @Nullable String ifMatch;
  private @Nullable String ifNoneMatch;
  private @Nullable String prefer;
  private @Nullable String timeout;
  private @Nullable String producer;
  private @Nullable String fence;
  private @Nullable String sequence;
  private @Nullable String versionVector;
  private @Nullable String writtenAt;
  private @Nullable String idempotencyKey;
  private List<HttpHeader> ofMayfly = List.of();
  private @Nullable String lastEventId;
  private @Nullable String traceparent;
  private boolean traceparentRepeated;
  private @Nullable String context;
  private boolean expectsContinue;
  private int bytes;

  private RequestHeaders() {}

  static RequestHeaders of(HttpRequest request) {
    RequestHeaders headers = new RequestHeaders();
    headers.method = request.method().name();
    for (HttpHeader header : request.getHeaders()) {
      headers.take(header.lowercaseName(), header);
    }
    return headers;
  }

  private void take(String name, HttpHeader header) {
    String value = header.value();
    switch (name) {
      case "raw-request-uri" -> {
        rawTarget = value;
        return;
      }
      case "" ->
          throw Problem.of(ProblemType.MALFORMED_REQUEST, "A header has no name.").exception();
      case "authorization" -> authorization = joined(authorization, value);
      case "accept" -> accept = joined(accept, value);
      case "content-type" -> contentType = value;
      case "content-encoding" -> contentEncoding = joined(contentEncoding, value);
      case "if-match" -> ifMatch = joined(ifMatch, value);
      case "if-none-match" -> ifNoneMatch = joined(ifNoneMatch, value);
      case "prefer" -> prefer = joined(prefer, value);
      case "mayfly-timeout" -> timeout = single(timeout, value, "Mayfly-Timeout");
      case "mayfly-producer" -> producer = single(producer, value, "Mayfly-Producer");
      case "mayfly-sequence" -> sequence = single(sequence, value, "Mayfly-Sequence");
      case "mayfly-version-vector" -> versionVector = joined(versionVector, value);
      case "mayfly-written-at" -> writtenAt = single(writtenAt, value, "Mayfly-Written-At");
      case "mayfly-fence" -> fence = single(fence, value, "Mayfly-Fence");
      case "idempotency-key" -> idempotencyKey = single(idempotencyKey, value, "Idempotency-Key");
      case "last-event-id" -> lastEventId = single(lastEventId, value, "Last-Event-ID");
      case "traceparent" -> takeTraceparent(value);
      case "expect" -> expectsContinue = true;
      default -> {}
    }
    bytes += name.length() + value.length();
    if (name.startsWith("mayfly-")) {
      ofMayfly = ofMayfly.isEmpty() ? new ArrayList<>(2) : ofMayfly;
      ofMayfly.add(header);
    }
  }

  /** Two of them name no trace (W3C Trace Context, 3.2). */
  private void takeTraceparent(String value) {
    traceparentRepeated |= traceparent != null;
    traceparent = value;
  }

  private static String joined(@Nullable String before, String value) {
    return before == null ? value : before + ", " + value;
  }

  private static String single(@Nullable String before, String value, String name) {
    if (before != null) {
      throw invalid(name, "it is named twice");
    }
    return value;
  }

  static ProblemException invalid(String name, String why) {
    return Problem.of(
            ProblemType.INVALID_PARAMETER, "The header " + name + " is invalid: " + why + ".")
        .with("header", name)
        .exception();
  }

  /** The method of the request. */
  String method() {
    return method;
  }

  /** The request target as it came over the wire. */
  String rawTarget() {
    return rawTarget;
  }

  /** The credentials. They are secret: nothing but {@link Access} looks at them. */
  @Nullable String authorization() {
    return authorization;
  }

  @Nullable String accept() {
    return accept;
  }

  /** Only a content type that Pekko HTTP could not read; a readable one is the entity's. */
  @Nullable String unreadableContentType() {
    return contentType;
  }

  @Nullable String contentEncoding() {
    return contentEncoding;
  }

  @Nullable String ifMatch() {
    return ifMatch;
  }

  @Nullable String ifNoneMatch() {
    return ifNoneMatch;
  }

  @Nullable String prefer() {
    return prefer;
  }

  @Nullable String timeout() {
    return timeout;
  }

  /** The producer's name, 1 to 128 visible characters. */
  @Nullable String producer() {
    if (producer == null) {
      return null;
    }
    if (!validProducer(producer)) {
      throw invalid("Mayfly-Producer", "expected 1 to 128 visible ASCII characters");
    }
    return producer;
  }

  /** Whether the text can name a producer. */
  static boolean validProducer(String producer) {
    boolean valid = !producer.isEmpty() && producer.length() <= 128;
    for (int i = 0; valid && i < producer.length(); i++) {
      valid = producer.charAt(i) > ' ' && producer.charAt(i) < 0x7F;
    }
    return valid;
  }

  /** The fencing token, from 1 and below 2^53; 0 when the request has none. */
  long fence() {
    return number("Mayfly-Fence", fence);
  }

  /** The producer's running number, from 1 and below 2^53; 0 when the request has none. */
  long sequence() {
    return number("Mayfly-Sequence", sequence);
  }

  private static long number(String name, @Nullable String text) {
    if (text == null) {
      return 0;
    }
    long number = OwnNumber.parse(text);
    if (number == 0) {
      throw invalid(name, "expected a number from 1 and below 2^53");
    }
    return number;
  }

  @Nullable String versionVector() {
    return versionVector;
  }

  @Nullable String writtenAt() {
    return writtenAt;
  }

  @Nullable String idempotencyKey() {
    return idempotencyKey;
  }

  /** The id of the last event that a watcher took. */
  @Nullable String lastEventId() {
    return lastEventId;
  }

  /**
   * Every header whose name begins with {@code Mayfly-}, as {@code name:value}, in order of name.
   */
  List<String> ofMayfly() {
    List<String> lines = new ArrayList<>(ofMayfly.size());
    for (HttpHeader header : ofMayfly) {
      lines.add(header.lowercaseName() + ':' + header.value());
    }
    Collections.sort(lines);
    return lines;
  }

  /** The trace context; absent when it is none that can be continued. */
  @Nullable String traceparent() {
    return traceparent != null && !traceparentRepeated && TraceContext.valid(traceparent)
        ? traceparent
        : null;
  }

  /** Follows the request in this context, which is its trace when it named none. */
  void follow(String spanContext) {
    context = spanContext;
    if (traceparent() == null) {
      traceparent = spanContext;
      traceparentRepeated = false;
    }
  }

  /** The context in which the request is followed; absent when it is not. */
  @Nullable String context() {
    return context;
  }

  /** Whether the client holds its body back until it is asked for it. */
  boolean expectsContinue() {
    return expectsContinue;
  }

  /** The bytes of names and values together. */
  int bytes() {
    return bytes;
  }
}
