package io.mayfly.multinode.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code ${…}} stands for within one case. */
final class Variables {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");
  private static final Pattern NOW = Pattern.compile("now(?:([+-]\\d+[smhd]))?");

  private final InstantSource clock;
  private final Map<String, JsonNode> values = new HashMap<>();

  Variables(InstantSource clock, String namespace) {
    this.clock = clock;
    values.put("ns", TextNode.valueOf(namespace));
  }

  void capture(Map<String, JsonNode> captured) {
    values.putAll(captured);
  }

  /** The text with its variables replaced. */
  String text(String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(variable -> Matcher.quoteReplacement(value(variable.group(1)).asText()));
  }

  /** The document with its variables replaced; a text that is one variable takes its type. */
  JsonNode document(JsonNode document) {
    if (document.isTextual()) {
      Matcher whole = VARIABLE.matcher(document.asText());
      return whole.matches() ? value(whole.group(1)) : TextNode.valueOf(text(document.asText()));
    }
    if (document.isArray()) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      document.forEach(item -> items.add(document(item)));
      return items;
    }
    if (document.isObject()) {
      ObjectNode members = JsonNodeFactory.instance.objectNode();
      document
          .properties()
          .forEach(member -> members.set(member.getKey(), document(member.getValue())));
      return members;
    }
    return document;
  }

  private JsonNode value(String name) {
    Matcher now = NOW.matcher(name);
    if (now.matches()) {
      Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS).plus(offset(now.group(1)));
      return TextNode.valueOf(at.toString());
    }
    JsonNode value = values.get(name);
    if (value == null) {
      throw new AssertionError("nothing was captured as " + name);
    }
    return value;
  }

  private static Duration offset(@Nullable String text) {
    if (text == null) {
      return Duration.ZERO;
    }
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      case 'h' -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
