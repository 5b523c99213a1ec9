package io.mayfly.actors.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import io.mayfly.actors.patch.Trees;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.util.List;
import java.util.Locale;

/** Turns schemas into rules. Stateless; rules are safe to use by many threads. */
public final class Schemas {
  private static final String POINTER = "/schema";
  private static final int VIOLATIONS_MAX = 20;

  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder()
          .locale(Locale.ENGLISH)
          .pathType(PathType.JSON_POINTER)
          .regularExpressionFactory(LinearPattern::of)
          .cacheRefs(true)
          .preloadJsonSchema(true)
          .build();

  /** Reads the dialect from the class path, and nothing from anywhere else. */
  private static final JsonSchema DIALECT =
      JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(SchemaLocation.of(SchemaId.V202012), CONFIG);

  private Schemas() {}

  /**
   * Why a schema is none that values can be held to; empty when it is one. Pointers lead into the
   * contract document.
   */
  public static List<Violation> problems(Value schema) {
    JsonNode tree = TextBytes.of(Trees.read(schema));
    List<Violation> violations =
        DIALECT.validate(tree).stream().limit(VIOLATIONS_MAX).map(Schemas::violation).toList();
    if (!violations.isEmpty()) {
      return violations;
    }
    try {
      Effort.require(tree, Subschemas.of(tree));
      compiled(tree);
      return List.of();
    } catch (SchemaException e) {
      return List.of(new Violation("schema", POINTER + e.pointer(), e.detail()));
    } catch (JsonSchemaException e) {
      return List.of(new Violation("schema", POINTER, "The schema is not understood."));
    }
  }

  /**
   * The rule of a schema that has no problems.
   *
   * @param confidential whether nothing of a value may appear in what is told about it
   */
  public static ValueRule rule(Value schema, boolean confidential) {
    return new SchemaRule(compiled(TextBytes.of(Trees.read(schema))), confidential);
  }

  private static JsonSchema compiled(JsonNode tree) {
    JsonSchemaFactory factory =
        JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder ->
                builder
                    .enableSchemaCache(false)
                    .schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));
    JsonSchema schema = factory.getSchema(tree, CONFIG);
    schema.initializeValidators();
    return schema;
  }

  private static Violation violation(ValidationMessage message) {
    String detail = message.getError() == null ? message.getMessage() : message.getError();
    return new Violation(
        "schema", POINTER + SchemaRule.pointer(message.getInstanceLocation()), detail);
  }
}
