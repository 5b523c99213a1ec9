package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.HistoryEvent.Kind;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.FeedEvent.OfEntry;
import io.mayfly.protocol.feed.FeedEvent.OfLease;
import io.mayfly.protocol.ledger.LedgerRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * How a watcher's stream is spelt: server-sent events (WHATWG HTML, 9.2), or lines of JSON that
 * hold the same.
 */
enum WatchText {
  EVENTS,
  LINES;

  private static final ContentType EVENT_STREAM = MediaTypes.TEXT_EVENT_STREAM.toContentType();
  private static final ByteString COMMENT = ByteString.fromString(":\n\n");
  private static final ByteString EMPTY_LINE = ByteString.fromString("\n");
  private static final int ENVELOPE_BYTES = 256;

  ContentType contentType() {
    return this == EVENTS ? EVENT_STREAM : Streams.LINES;
  }

  /** What says nothing, so that neither end takes the other for gone. */
  ByteString heartbeat() {
    return this == EVENTS ? COMMENT : EMPTY_LINE;
  }

  /**
   * Where a watcher stands, as a block of server-sent events without data: a reader keeps its id,
   * and can so resume from a stream that told it nothing. Lines of JSON have no such thing.
   */
  ByteString mark(String id) {
    return this == EVENTS
        ? ByteString.fromString("id: " + id + "\n\n")
        : ByteString.emptyByteString();
  }

  /** An event of the feed. */
  byte[] event(String id, Fed fed, boolean withValue) {
    return fed.event() instanceof OfLease lease
        ? event(id, lease)
        : event(id, (OfEntry) fed.event(), withValue);
  }

  private byte[] event(String id, OfLease told) {
    return spelt(
        id,
        told.kind(),
        ENVELOPE_BYTES,
        out -> {
          out.writeStringField("namespace", told.id().namespace());
          out.writeStringField("name", told.id().name());
          LeaseDocuments.happened(out, told.event());
        });
  }

  private byte[] event(String id, OfEntry told, boolean withValue) {
    HistoryEvent event = told.event();
    Value value = withValue ? told.value() : null;
    return spelt(
        id,
        told.kind(),
        ENVELOPE_BYTES + (value == null ? 0 : value.size()),
        out -> {
          identity(out, told.id(), event.version(), event.at());
          if (event.expiresAt() != null) {
            out.writeStringField("expiresAt", InstantText.format(event.expiresAt()));
          }
          if (event.outcome() != null) {
            out.writeStringField("outcome", event.outcome().text());
          }
          EndReason reason = event.reason();
          if (reason != null) {
            out.writeStringField("reason", reason.text());
            out.writeNumberField("lateMs", told.lateMillis());
          }
          Documents.origin(out, event.origin());
          if (value != null) {
            out.writeFieldName("value");
            ValueCodec.write(value, out);
          }
        });
  }

  /**
   * An entry that stands.
   *
   * @param at when it was seen
   * @param view the entry itself, where its value is to be shown
   */
  byte[] standing(String id, LedgerRow row, Instant at, @Nullable EntryView view) {
    return spelt(
        id,
        Kind.CREATED.text(),
        ENVELOPE_BYTES + (view == null ? 0 : view.value().size()),
        out -> {
          identity(out, row.id(), row.version(), at);
          out.writeStringField("expiresAt", InstantText.format(row.expiresAt()));
          if (row.validFrom().isAfter(at)) {
            out.writeStringField("validFrom", InstantText.format(row.validFrom()));
          }
          out.writeBooleanField("standing", true);
          if (view != null) {
            out.writeFieldName("value");
            ValueCodec.write(view.value(), out);
          }
        });
  }

  /** What a watcher must know of the stream itself; it has no id. */
  byte[] notice(String namespace, String detail) {
    return spelt(
        null,
        "notice",
        ENVELOPE_BYTES,
        out -> {
          out.writeStringField("namespace", namespace);
          out.writeStringField("detail", detail);
        });
  }

  private byte[] spelt(@Nullable String id, String event, int sizeHint, Documents.Writing members) {
    ByteString data =
        Documents.render(
            Format.JSON,
            sizeHint,
            out -> {
              out.writeStartObject();
              if (this == LINES) {
                text(out, "id", id);
                out.writeStringField("event", event);
              }
              members.to(out);
              out.writeEndObject();
            });
    String head =
        this == LINES
            ? ""
            : (id == null ? "" : "id: " + id + '\n') + "event: " + event + "\ndata: ";
    return framed(head, data, this == LINES ? "\n" : "\n\n");
  }

  private static byte[] framed(String head, ByteString data, String tail) {
    byte[] bytes = new byte[head.length() + data.size() + tail.length()];
    byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(headBytes, 0, bytes, 0, headBytes.length);
    data.copyToArray(bytes, headBytes.length);
    byte[] tailBytes = tail.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(tailBytes, 0, bytes, bytes.length - tailBytes.length, tailBytes.length);
    return bytes;
  }

  private static void identity(JsonGenerator out, EntryId id, Version version, Instant at)
      throws IOException {
    out.writeStringField("namespace", id.namespace());
    out.writeStringField("key", id.key());
    out.writeNumberField("incarnation", version.incarnation());
    out.writeNumberField("revision", version.revision());
    out.writeStringField("at", InstantText.format(at));
  }

  private static void text(JsonGenerator out, String name, @Nullable String text)
      throws IOException {
    if (text != null) {
      out.writeStringField(name, text);
    }
  }
}
