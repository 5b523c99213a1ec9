package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.value.Format;
import io.mayfly.protocol.lease.Holder;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import io.mayfly.protocol.lease.LeaseHistoryEvent.Kind;
import io.mayfly.protocol.lease.LeaseReply.Granted;
import io.mayfly.protocol.lease.LeaseReply.View;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;

/** The documents about leases, in JSON or CBOR alike. */
final class LeaseDocuments {
  private static final int ENVELOPE_BYTES = 256;
  private static final int HOLDER_BYTES = 128;

  private LeaseDocuments() {}

  static ByteString granted(Format format, Granted lease) {
    return Documents.render(
        format,
        ENVELOPE_BYTES,
        out -> {
          out.writeStartObject();
          out.writeStringField("leaseId", lease.leaseId());
          out.writeNumberField("token", lease.token());
          out.writeStringField("holder", lease.holder());
          out.writeNumberField("permits", lease.permits());
          out.writeStringField("expiresAt", InstantText.format(lease.expiresAt()));
          out.writeNumberField("capacity", lease.capacity());
          out.writeEndObject();
        });
  }

  static ByteString view(Format format, View view) {
    return Documents.render(
        format,
        ENVELOPE_BYTES + HOLDER_BYTES * view.holders().size(),
        out -> {
          out.writeStartObject();
          out.writeNumberField("capacity", view.capacity());
          out.writeStringField("cooldown", text(view.cooldown()));
          out.writeNumberField("available", view.available());
          out.writeArrayFieldStart("holders");
          for (Holder holder : view.holders()) {
            holder(out, holder);
          }
          out.writeEndArray();
          out.writeNumberField("waiting", view.waiting());
          out.writeNumberField("highestToken", view.highestToken());
          out.writeEndObject();
        });
  }

  private static void holder(JsonGenerator out, Holder holder) throws IOException {
    out.writeStartObject();
    lease(out, holder);
    out.writeEndObject();
  }

  private static void lease(JsonGenerator out, Holder holder) throws IOException {
    out.writeStringField("holder", holder.holder());
    out.writeNumberField("permits", holder.permits());
    out.writeNumberField("token", holder.token());
    out.writeStringField("expiresAt", InstantText.format(holder.expiresAt()));
  }

  static ByteString story(Format format, List<LeaseHistoryEvent> events) {
    return Documents.render(
        format,
        ENVELOPE_BYTES + HOLDER_BYTES * events.size(),
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("events");
          for (LeaseHistoryEvent event : events) {
            out.writeStartObject();
            out.writeStringField("event", event.kind().text());
            happened(out, event);
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  /** What happened to a resource, as members of its document. */
  static void happened(JsonGenerator out, LeaseHistoryEvent event) throws IOException {
    out.writeStringField("at", InstantText.format(event.at()));
    if (event.lease() != null) {
      lease(out, event.lease());
    }
    if (event.kind() == Kind.DEFINED) {
      out.writeNumberField("capacity", event.capacity());
    }
    if (event.kind() == Kind.EXPIRED) {
      out.writeNumberField("lateMs", event.lateMillis());
    }
    Documents.origin(out, event.origin());
  }

  /** Who holds, as a member of a problem. */
  static List<Map<String, Object>> members(List<Holder> holders) {
    return holders.stream().map(LeaseDocuments::member).toList();
  }

  private static Map<String, Object> member(Holder holder) {
    Map<String, Object> member = new LinkedHashMap<>();
    member.put("holder", holder.holder());
    member.put("permits", (long) holder.permits());
    member.put("expiresAt", InstantText.format(holder.expiresAt()));
    return member;
  }

  /** A duration in the largest of seconds and milliseconds that says it exactly. */
  private static String text(Duration duration) {
    return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }
}
