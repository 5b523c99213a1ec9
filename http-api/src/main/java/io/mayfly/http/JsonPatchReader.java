package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a JSON Patch (RFC 6902). Members that it does not define are ignored, as it demands. */
final class JsonPatchReader {
  private static final int VALUE_BYTES = 64;

  private final JsonParser parser;
  private final int index;
  private Change.@Nullable Verb verb;
  private @Nullable List<String> path;
  private @Nullable List<String> from;
  private @Nullable Value value;

  private JsonPatchReader(JsonParser parser, int index) {
    this.parser = parser;
    this.index = index;
  }

  static Change.JsonPatch read(Format format, byte[] body) {
    return ValueCodec.parsed(format, body, JsonPatchReader::operations);
  }

  private static Change.JsonPatch operations(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw BodyErrors.at("", "A JSON Patch is an array of operations.");
    }
    List<Change.Operation> operations = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (operations.size() == Change.JsonPatch.OPERATIONS_MAX) {
        throw BodyErrors.at(
            "", "A JSON Patch has at most " + Change.JsonPatch.OPERATIONS_MAX + " operations.");
      }
      operations.add(new JsonPatchReader(parser, operations.size()).operation());
    }
    return new Change.JsonPatch(List.copyOf(operations));
  }

  private Change.Operation operation() throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrong("", "An operation is an object.");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      member(parser.currentName());
    }
    if (verb == null) {
      throw wrong("/op", "The operation has no op.");
    }
    if (path == null) {
      throw wrong("/path", "The operation has no path.");
    }
    return checked(verb, path);
  }

  private Change.Operation checked(Change.Verb known, List<String> target) {
    return switch (known) {
      case REMOVE -> new Change.Operation(known, target, null, null);
      case MOVE, COPY -> {
        if (from == null) {
          throw wrong("/from", "The operation has no from.");
        }
        yield new Change.Operation(known, target, from, null);
      }
      case ADD, REPLACE, TEST -> {
        if (value == null) {
          throw wrong("/value", "The operation has no value.");
        }
        yield new Change.Operation(known, target, null, value);
      }
    };
  }

  private void member(String name) throws IOException {
    parser.nextToken();
    switch (name) {
      case "op" -> verb = verb(text("/op"));
      case "path" -> path = pointer("/path", text("/path"));
      case "from" -> from = pointer("/from", text("/from"));
      case "value" -> value = ValueCodec.item(parser, VALUE_BYTES);
      default -> parser.skipChildren();
    }
  }

  private String text(String member) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(member, "The member is expected to be text.");
    }
    return parser.getText();
  }

  private Change.Verb verb(String text) {
    return switch (text) {
      case "add" -> Change.Verb.ADD;
      case "remove" -> Change.Verb.REMOVE;
      case "replace" -> Change.Verb.REPLACE;
      case "move" -> Change.Verb.MOVE;
      case "copy" -> Change.Verb.COPY;
      case "test" -> Change.Verb.TEST;
      default -> throw wrong("/op", "The op is none of add, remove, replace, move, copy, test.");
    };
  }

  /** The unescaped reference tokens of a JSON pointer (RFC 6901). */
  private List<String> pointer(String member, String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    if (text.charAt(0) != '/') {
      throw wrong(member, "A JSON pointer is empty or starts with a slash.");
    }
    List<String> tokens = new ArrayList<>();
    int start = 1;
    while (start <= text.length()) {
      int slash = text.indexOf('/', start);
      int end = slash < 0 ? text.length() : slash;
      tokens.add(unescaped(member, text.substring(start, end)));
      start = end + 1;
    }
    return List.copyOf(tokens);
  }

  private String unescaped(String member, String token) {
    for (int i = token.indexOf('~'); i >= 0; i = token.indexOf('~', i + 1)) {
      char next = i + 1 < token.length() ? token.charAt(i + 1) : ' ';
      if (next != '0' && next != '1') {
        throw wrong(member, "In a JSON pointer, a tilde is followed by 0 or 1.");
      }
    }
    return token.replace("~1", "/").replace("~0", "~");
  }

  private ProblemException wrong(String member, String detail) {
    return BodyErrors.at("/" + index + member, detail);
  }
}
