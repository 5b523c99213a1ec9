package io.mayfly.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mayfly.http.value.Format;
import io.mayfly.protocol.ledger.Drift;
import io.mayfly.protocol.ledger.RoundsReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The document that shows a cluster. What is absent is null. */
final class ClusterDocument {
  private static final int SIZE_HINT = 2048;

  private ClusterDocument() {}

  static ByteString of(Format format, ClusterReport report) {
    return Documents.render(format, SIZE_HINT, out -> write(out, report));
  }

  private static void write(JsonGenerator out, ClusterReport report) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("members");
    for (ClusterReport.Member member : report.members()) {
      member(out, member);
    }
    out.writeEndArray();
    texts(out, "unreachable", report.unreachable());
    out.writeStringField("leader", report.leader());
    out.writeObjectFieldStart("journal");
    out.writeStringField("kind", report.journal().kind());
    out.writeStringField("state", report.journal().failure() == null ? "open" : "failed");
    out.writeStringField("failure", report.journal().failure());
    out.writeEndObject();
    rounds(out, report.rounds());
    out.writeObjectFieldStart("reasons");
    for (Map.Entry<String, String> reason : new TreeMap<>(report.reasons()).entrySet()) {
      out.writeStringField(reason.getKey(), reason.getValue());
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void member(JsonGenerator out, ClusterReport.Member member) throws IOException {
    out.writeStartObject();
    out.writeStringField("address", member.address());
    out.writeStringField("status", member.status());
    texts(out, "roles", member.roles());
    out.writeBooleanField("self", member.self());
    counts(out, "shards", member.shards());
    out.writeEndObject();
  }

  private static void rounds(JsonGenerator out, RoundsReport rounds) throws IOException {
    out.writeObjectFieldStart("ledger");
    out.writeNumberField("rounds", rounds.completed());
    out.writeBooleanField("running", rounds.running());
    out.writeFieldName("last");
    if (rounds.lastEndedAt() == null || rounds.lastDuration() == null) {
      out.writeNull();
    } else {
      out.writeStartObject();
      out.writeStringField("endedAt", InstantText.format(rounds.lastEndedAt()));
      out.writeNumberField("durationMs", rounds.lastDuration().toMillis());
      out.writeNumberField("processorMs", rounds.lastWorked().toMillis());
      out.writeNumberField("rows", rounds.lastRows());
      out.writeNumberField("repairs", rounds.lastRepairs());
      out.writeEndObject();
    }
    Map<String, Long> repairs = new TreeMap<>();
    for (Drift drift : Drift.values()) {
      if (drift.repairable()) {
        repairs.put(drift.text(), rounds.found().getOrDefault(drift, 0L));
      }
    }
    counts(out, "repairs", repairs);
    out.writeNumberField("unreadable", rounds.found().getOrDefault(Drift.UNREADABLE, 0L));
    out.writeObjectFieldStart("actors");
    out.writeNumberField("asked", rounds.actors());
    out.writeNumberField("differing", rounds.differingActors());
    out.writeEndObject();
    out.writeStringField("failure", rounds.failure());
    out.writeEndObject();
  }

  private static void texts(JsonGenerator out, String name, List<String> texts) throws IOException {
    out.writeArrayFieldStart(name);
    for (String text : texts) {
      out.writeString(text);
    }
    out.writeEndArray();
  }

  private static void counts(
      JsonGenerator out, String name, @Nullable Map<String, ? extends Number> counts)
      throws IOException {
    out.writeFieldName(name);
    if (counts == null) {
      out.writeNull();
      return;
    }
    out.writeStartObject();
    for (Map.Entry<String, ? extends Number> count : new TreeMap<>(counts).entrySet()) {
      out.writeNumberField(count.getKey(), count.getValue().longValue());
    }
    out.writeEndObject();
  }
}
