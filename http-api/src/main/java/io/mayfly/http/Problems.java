package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.value.Bytes;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.VersionVector;
import io.mayfly.protocol.entry.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** Problems as responses. */
final class Problems {
  private static final ContentType PROBLEM_JSON =
      MediaTypes.customBinary("application", "problem+json", true).toContentType();

  private Problems() {}

  /** The response to a problem, with the trace that the request named. */
  static HttpResponse response(Problem problem, @Nullable String traceparent) {
    List<HttpHeader> headers = new ArrayList<>(4);
    headers.add(Headers.NO_STORE);
    if (problem.retryAfter() != null) {
      headers.add(
          RawHeader.create("Retry-After", Long.toString(Headers.seconds(problem.retryAfter()))));
    }
    problem.headers().forEach((name, value) -> headers.add(RawHeader.create(name, value)));
    return HttpResponse.create()
        .withStatus(problem.type().status())
        .withHeaders(headers)
        .withEntity(
            HttpEntities.create(PROBLEM_JSON, document(problem, traceparent).toByteString()));
  }

  private static Bytes document(Problem problem, @Nullable String traceparent) {
    Bytes bytes = new Bytes(320);
    try (JsonGenerator json = ValueCodec.generator(Format.JSON, bytes)) {
      write(json, problem, traceparent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  /** Writes the problem as a document or as a part of one. */
  static void write(JsonGenerator json, Problem problem, @Nullable String traceparent)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", problem.type().urn());
    json.writeStringField("title", problem.type().title());
    json.writeNumberField("status", problem.type().status());
    json.writeStringField("detail", problem.detail());
    for (Map.Entry<String, Object> member : problem.members().entrySet()) {
      writeMember(json, member.getKey(), member.getValue());
    }
    json.writeBooleanField("retryable", problem.type().retryable());
    if (problem.retryAfter() != null) {
      json.writeNumberField("retryAfterMs", problem.retryAfter().toMillis());
    }
    if (traceparent != null) {
      json.writeStringField("traceId", TraceContext.traceId(traceparent));
    }
    writeErrors(json, problem.errors());
    json.writeEndObject();
  }

  private static void writeMember(JsonGenerator json, String name, Object member)
      throws IOException {
    json.writeFieldName(name);
    writeMember(json, member);
  }

  private static void writeMember(JsonGenerator json, Object member) throws IOException {
    if (member instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        writeMember(json, element);
      }
      json.writeEndArray();
    } else if (member instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> inner : map.entrySet()) {
        writeMember(json, String.valueOf(inner.getKey()), inner.getValue());
      }
      json.writeEndObject();
    } else if (member instanceof Long number) {
      json.writeNumber(number);
    } else if (member instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (member instanceof VersionVector vector) {
      Documents.components(json, vector);
    } else {
      json.writeString(member.toString());
    }
  }

  private static void writeErrors(JsonGenerator json, List<Violation> errors) throws IOException {
    if (errors.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("errors");
    for (Violation error : errors) {
      json.writeStartObject();
      json.writeStringField("pointer", error.pointer());
      json.writeStringField("rule", error.rule());
      json.writeStringField("detail", error.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
