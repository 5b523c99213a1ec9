package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client believes of an entry.
 *
 * @param digest of the value it has, as {@code sha-256:} and hexadecimal digits; absent when it
 *     names none
 */
record Belief(EntryId id, Version version, @Nullable String digest) implements CommandFlow.Sent {
  private static final Pattern DIGEST = Pattern.compile("sha-256:[0-9a-f]{64}");

  @Override
  public EntryCommand command() {
    return EntryCommand.Read.PEEK;
  }

  /** Reads a belief about an entry of the namespace; throws the problem that it has. */
  static Belief read(String namespace, Format format, byte[] document) {
    return ValueCodec.parsed(format, document, parser -> read(namespace, parser));
  }

  private static Belief read(String namespace, JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw BodyErrors.at("", "A belief is an object.");
    }
    String key = null;
    String digest = null;
    long incarnation = 0;
    long revision = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "key" -> key = text(name, parser);
        case "incarnation" -> incarnation = number(name, parser);
        case "revision" -> revision = number(name, parser);
        case "digest" -> digest = text(name, parser);
        default ->
            throw BodyErrors.at(BodyErrors.pointer(name), "No belief has a member of this name.");
      }
    }
    if (key == null || incarnation == 0 || revision == 0) {
      throw BodyErrors.at("", "A belief names key, incarnation and revision.");
    }
    if (digest != null && !DIGEST.matcher(digest).matches()) {
      throw BodyErrors.at("/digest", "Expected sha-256: and 64 hexadecimal digits.");
    }
    return new Belief(Call.entry(namespace, key), new Version(incarnation, revision), digest);
  }

  private static String text(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw BodyErrors.at(BodyErrors.pointer(name), "Expected text.");
    }
    return parser.getText();
  }

  private static long number(String name, JsonParser parser) throws IOException {
    long number = OwnNumber.read(parser);
    if (number == 0) {
      throw BodyErrors.at(
          BodyErrors.pointer(name), "Expected a whole number from 1 and below 2^53.");
    }
    return number;
  }
}
