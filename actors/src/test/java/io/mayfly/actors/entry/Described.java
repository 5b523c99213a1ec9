package io.mayfly.actors.entry;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decisions as short texts for tables. Instants and incarnations are seconds from {@link
 * Scene#NOW}.
 */
final class Described implements EntryReply.Cases<String> {
  private Described() {}

  static String reply(EntryReply reply) {
    return reply.match(new Described());
  }

  static String events(List<EntryEvent> events) {
    return events.stream().map(Described::event).collect(Collectors.joining(" "));
  }

  private static String event(EntryEvent event) {
    String name = event.getClass().getSimpleName();
    return name + '(' + version(event.fact().version()) + ')';
  }

  @Override
  public String accepted(EntryReply.Accepted reply) {
    return reply.receipt().outcome().text()
        + ' '
        + version(reply.receipt().version())
        + " until "
        + seconds(reply.receipt().expiresAt())
        + value(reply.value());
  }

  @Override
  public String shadowed(EntryReply.Shadowed reply) {
    return "shadowed " + (reply.version() == null ? "absent" : version(reply.version()));
  }

  @Override
  public String found(EntryReply.Found reply) {
    return "found "
        + version(reply.view().version())
        + " until "
        + seconds(reply.view().expiresAt())
        + value(reply.view().value());
  }

  @Override
  public String story(EntryReply.Story reply) {
    return reply.events().stream()
        .map(event -> event.kind().text() + '(' + version(event.version()) + ')')
        .collect(Collectors.joining(" "));
  }

  @Override
  public String settled(EntryReply.Settled reply) {
    return "settled";
  }

  @Override
  public String refused(Refusal reply) {
    StringBuilder text = new StringBuilder(reply.reason().name());
    append(text, " ", reply.version() == null ? null : version(reply.version()));
    append(text, " until ", reply.expiresAt() == null ? null : seconds(reply.expiresAt()));
    append(text, " ", reply.endReason() == null ? null : reply.endReason().text());
    append(text, " at ", reply.at() == null ? null : seconds(reply.at()));
    append(text, " wait ", reply.retryAfter() == null ? null : reply.retryAfter().toSeconds());
    reply.violations().forEach(violation -> append(text, " ", violation.rule()));
    return text.toString();
  }

  private static void append(StringBuilder text, String label, @Nullable Object value) {
    if (value != null) {
      text.append(label).append(value);
    }
  }

  static String version(Version version) {
    return seconds(Instant.ofEpochMilli(version.incarnation())) + '.' + version.revision();
  }

  static String seconds(Instant instant) {
    long millis = instant.toEpochMilli() - Scene.NOW.toEpochMilli();
    return millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0);
  }

  private static String value(@Nullable Value value) {
    return value == null ? "" : " = " + Json.text(value);
  }
}
