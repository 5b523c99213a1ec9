package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.value.Bytes;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.VersionVector;
import io.mayfly.protocol.ledger.LedgerRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Mayfly's own documents, in JSON or CBOR alike. */
final class Documents {
  private static final int ENVELOPE_BYTES = 320;

  private Documents() {}

  /** Writes one document. */
  @FunctionalInterface
  interface Writing {
    void to(JsonGenerator generator) throws IOException;
  }

  static ByteString render(Format format, int sizeHint, Writing writing) {
    Bytes bytes = new Bytes(sizeHint);
    try (JsonGenerator generator = ValueCodec.generator(format, bytes)) {
      writing.to(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteString();
  }

  /** The bare value. As CBOR it goes out as it is stored. */
  static ByteString value(Format format, Value value) {
    return format == Format.CBOR
        ? ByteString.fromArrayUnsafe(value.cbor())
        : render(format, value.size() + 32, json -> ValueCodec.write(value, json));
  }

  /** A receipt, and the value after it where the operation shows one. */
  static ByteString receipt(Format format, EntryId id, Receipt receipt, @Nullable Value value) {
    return render(format, ENVELOPE_BYTES, out -> writeReceipt(out, id, receipt, value));
  }

  static void writeReceipt(JsonGenerator out, EntryId id, Receipt receipt, @Nullable Value value)
      throws IOException {
    out.writeStartObject();
    identity(out, id, receipt.version());
    instant(out, "createdAt", receipt.createdAt());
    instant(out, "updatedAt", receipt.updatedAt());
    instant(out, "expiresAt", receipt.expiresAt());
    out.writeStringField("durability", receipt.durability().text());
    out.writeStringField("outcome", receipt.outcome().text());
    vector(out, receipt.versionVector());
    if (value != null) {
      out.writeFieldName("value");
      ValueCodec.write(value, out);
    }
    out.writeEndObject();
  }

  /** A mutation that was decided and not applied; the version is the one that stands. */
  static ByteString shadowed(Format format, EntryId id, EntryReply.Shadowed reply) {
    return render(format, ENVELOPE_BYTES, out -> writeShadowed(out, id, reply));
  }

  static void writeShadowed(JsonGenerator out, EntryId id, EntryReply.Shadowed reply)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("namespace", id.namespace());
    out.writeStringField("key", id.key());
    if (reply.version() != null) {
      version(out, reply.version());
    }
    if (reply.expiresAt() != null) {
      instant(out, "expiresAt", reply.expiresAt());
    }
    out.writeStringField("durability", reply.durability().text());
    out.writeStringField("outcome", "shadowed");
    out.writeEndObject();
  }

  static ByteString view(Format format, EntryId id, EntryView view) {
    return render(
        format, ENVELOPE_BYTES + view.value().size(), out -> writeView(out, id, view, true));
  }

  static void writeView(JsonGenerator out, EntryId id, EntryView view, boolean withValue)
      throws IOException {
    out.writeStartObject();
    identity(out, id, view.version());
    instant(out, "createdAt", view.createdAt());
    instant(out, "updatedAt", view.updatedAt());
    instant(out, "expiresAt", view.expiresAt());
    out.writeStringField("durability", view.durability().text());
    vector(out, view.versionVector());
    if (withValue) {
      out.writeFieldName("value");
      ValueCodec.write(view.value(), out);
    }
    out.writeEndObject();
  }

  static ByteString story(Format format, List<HistoryEvent> events) {
    return render(
        format,
        ENVELOPE_BYTES * (1 + events.size()),
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("events");
          for (HistoryEvent event : events) {
            writeEvent(out, event);
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private static void writeEvent(JsonGenerator out, HistoryEvent event) throws IOException {
    out.writeStartObject();
    out.writeNumberField("incarnation", event.version().incarnation());
    out.writeNumberField("revision", event.version().revision());
    instant(out, "at", event.at());
    out.writeStringField("event", event.kind().text());
    text(out, "outcome", outcome(event));
    origin(out, event.origin());
    if (event.expiresAt() != null) {
      instant(out, "expiresAt", event.expiresAt());
    }
    text(out, "reason", event.reason() == null ? null : event.reason().text());
    out.writeEndObject();
  }

  /** Who caused something, as members of its document. */
  static void origin(JsonGenerator out, Origin origin) throws IOException {
    text(out, "producer", origin.producer());
    text(out, "caller", origin.caller());
    text(out, "traceparent", origin.traceparent());
  }

  /** What the event came to; of an end that nobody asked for, its reason. */
  private static @Nullable String outcome(HistoryEvent event) {
    if (event.outcome() != null) {
      return event.outcome().text();
    }
    return event.reason() == null ? null : event.reason().text();
  }

  static ByteString keys(Format format, List<LedgerRow> rows, @Nullable String cursor) {
    return render(
        format,
        64 + ENVELOPE_BYTES / 2 * rows.size(),
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("entries");
          for (LedgerRow row : rows) {
            out.writeStartObject();
            out.writeStringField("key", row.id().key());
            version(out, row.version());
            instant(out, "expiresAt", row.expiresAt());
            out.writeEndObject();
          }
          out.writeEndArray();
          cursor(out, cursor);
          out.writeEndObject();
        });
  }

  /** An entry with its name, for lists. */
  record Named(EntryId id, EntryView view) {}

  static ByteString entries(Format format, List<Named> entries, @Nullable String cursor) {
    return render(
        format,
        64 + 2 * ENVELOPE_BYTES * entries.size(),
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("entries");
          for (Named entry : entries) {
            writeView(out, entry.id(), entry.view(), true);
          }
          out.writeEndArray();
          cursor(out, cursor);
          out.writeEndObject();
        });
  }

  private static void cursor(JsonGenerator out, @Nullable String cursor) throws IOException {
    out.writeFieldName("cursor");
    if (cursor == null) {
      out.writeNull();
    } else {
      out.writeString(cursor);
    }
  }

  private static void vector(JsonGenerator out, @Nullable VersionVector vector) throws IOException {
    if (vector != null) {
      out.writeFieldName("versionVector");
      components(out, vector);
    }
  }

  /** A version vector as an object of numbers. */
  static void components(JsonGenerator out, VersionVector vector) throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, Long> component : vector.components().entrySet()) {
      out.writeNumberField(component.getKey(), component.getValue());
    }
    out.writeEndObject();
  }

  private static void identity(JsonGenerator out, EntryId id, Version version) throws IOException {
    out.writeStringField("namespace", id.namespace());
    out.writeStringField("key", id.key());
    version(out, version);
  }

  private static void version(JsonGenerator out, Version version) throws IOException {
    out.writeNumberField("incarnation", version.incarnation());
    out.writeNumberField("revision", version.revision());
    out.writeStringField("etag", version.etag());
  }

  private static void instant(JsonGenerator out, String name, Instant instant) throws IOException {
    out.writeStringField(name, InstantText.format(instant));
  }

  private static void text(JsonGenerator out, String name, @Nullable String text)
      throws IOException {
    if (text != null) {
      out.writeStringField(name, text);
    }
  }
}
