package io.mayfly.actors.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import io.mayfly.actors.patch.Trees;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.util.ArrayList;
import java.util.List;

/** What one schema asks of values. */
final class SchemaRule implements ValueRule {
  private static final String RULE = "schema";

  /** The most violations of one value that are told. */
  private static final int VIOLATIONS_MAX = 20;

  private static final int DETAIL_LENGTH_MAX = 300;

  /** Keywords under which the names of members are content, and not agreed on. */
  private static final List<String> FREE_NAMES =
      List.of(
          "additionalProperties", "patternProperties", "unevaluatedProperties", "propertyNames");

  private final JsonSchema schema;
  private final boolean confidential;

  /**
   * A rule.
   *
   * @param confidential whether nothing of a value may appear in what is told about it
   */
  SchemaRule(JsonSchema schema, boolean confidential) {
    this.schema = schema;
    this.confidential = confidential;
  }

  @Override
  public List<Violation> broken(Value value) {
    List<Violation> violations = new ArrayList<>();
    for (ValidationMessage message : schema.validate(readable(value))) {
      if (violations.size() == VIOLATIONS_MAX) {
        break;
      }
      violations.add(violation(message));
    }
    return List.copyOf(violations);
  }

  /** As a client sees the value in JSON: byte strings are base64url text. */
  private static JsonNode readable(Value value) {
    return TextBytes.of(Trees.read(value));
  }

  private Violation violation(ValidationMessage message) {
    if (!confidential) {
      return new Violation(RULE, pointer(message.getInstanceLocation()), detail(message));
    }
    String pointer = named(message) ? "" : pointer(message.getInstanceLocation());
    return new Violation(
        RULE, pointer, "The keyword " + message.getType() + " of the schema is not met.");
  }

  private static boolean named(ValidationMessage message) {
    JsonNodePath path = message.getEvaluationPath();
    return FREE_NAMES.stream().anyMatch(path::contains);
  }

  private static String detail(ValidationMessage message) {
    String text = message.getError() == null ? message.getMessage() : message.getError();
    return text.length() <= DETAIL_LENGTH_MAX ? text : text.substring(0, DETAIL_LENGTH_MAX) + '…';
  }

  static String pointer(JsonNodePath path) {
    return path.toString();
  }
}
