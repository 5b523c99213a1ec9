package io.mayfly.actors.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.PatternSyntaxException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk over a schema and all that it contains: refuses what is not served and gathers where
 * references can lead.
 */
final class Subschemas {
  /** Keywords whose members are schemas. */
  static final List<String> MAPS =
      List.of("properties", "patternProperties", "dependentSchemas", "$defs", "definitions");

  /** Keywords whose elements are schemas. */
  static final List<String> LISTS = List.of("allOf", "anyOf", "oneOf", "prefixItems");

  /** Keywords that are one schema. */
  static final List<String> SINGLES =
      List.of(
          "additionalProperties",
          "items",
          "contains",
          "not",
          "if",
          "then",
          "else",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties",
          "contentSchema");

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final Set<String> DYNAMIC =
      Set.of("$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary");

  private final JsonNode root;
  private final Map<String, JsonNode> anchors = new HashMap<>();
  private final IdentityHashMap<JsonNode, Boolean> all = new IdentityHashMap<>();

  private Subschemas(JsonNode root) {
    this.root = root;
  }

  /**
   * Walks over a schema.
   *
   * @throws SchemaException where it holds what is not served
   */
  static Subschemas of(JsonNode root) {
    Subschemas subschemas = new Subschemas(root);
    subschemas.walk(root, "");
    subschemas.requireTargets(root, "");
    return subschemas;
  }

  private void walk(JsonNode schema, String pointer) {
    if (!schema.isObject()) {
      return;
    }
    all.put(schema, true);
    for (String keyword : DYNAMIC) {
      if (schema.has(keyword)) {
        throw new SchemaException(pointer + "/" + keyword, "This keyword is not served.");
      }
    }
    requireDialect(schema, pointer);
    requirePatterns(schema, pointer);
    if (schema.path("$anchor").isTextual()) {
      anchors.put(schema.path("$anchor").textValue(), schema);
    }
    eachChild(schema, pointer, this::walk);
  }

  private static void requireDialect(JsonNode schema, String pointer) {
    JsonNode dialect = schema.path("$schema");
    if (dialect.isTextual() && !dialect.textValue().replaceFirst("#$", "").equals(DIALECT)) {
      throw new SchemaException(pointer + "/$schema", "Only " + DIALECT + " is served.");
    }
    if (schema.has("$id")) {
      throw new SchemaException(
          pointer + "/$id", "A schema has no $id here: all references lead into itself.");
    }
  }

  private static void requirePatterns(JsonNode schema, String pointer) {
    if (schema.path("pattern").isTextual()) {
      requirePattern(schema.path("pattern").textValue(), pointer + "/pattern");
    }
    for (Map.Entry<String, JsonNode> entry : schema.path("patternProperties").properties()) {
      requirePattern(entry.getKey(), pointer + "/patternProperties/" + escaped(entry.getKey()));
    }
  }

  private static void requirePattern(String pattern, String pointer) {
    if (pattern.length() > LinearPattern.LENGTH_MAX) {
      throw new SchemaException(
          pointer, "A pattern has at most " + LinearPattern.LENGTH_MAX + " characters.");
    }
    try {
      LinearPattern.of(pattern);
    } catch (PatternSyntaxException e) {
      throw new SchemaException(
          pointer,
          "The pattern is not served: "
              + e.getDescription()
              + ". Patterns are RE2: without backreferences and lookaround.");
    }
  }

  private void requireTargets(JsonNode schema, String pointer) {
    if (schema.path("$ref").isTextual() && target(schema) == null) {
      throw new SchemaException(
          pointer + "/$ref", "A reference leads to a schema of this document: #/$defs/name.");
    }
    eachChild(schema, pointer, this::requireTargets);
  }

  /** Where the reference of a schema leads; absent when it has none, or one that leads nowhere. */
  @Nullable JsonNode target(JsonNode schema) {
    String reference = schema.path("$ref").asText("");
    if (reference.equals("#")) {
      return root;
    }
    if (!reference.startsWith("#/")) {
      return reference.startsWith("#") ? anchors.get(reference.substring(1)) : null;
    }
    if (reference.indexOf('%') >= 0) {
      return null;
    }
    JsonNode target = root.at(reference.substring(1));
    return target.isBoolean() || all.containsKey(target) ? target : null;
  }

  /** Every schema that is an object. */
  Set<JsonNode> all() {
    return all.keySet();
  }

  /** What to do with a schema in a schema. */
  interface Visit {
    void child(JsonNode schema, String pointer);
  }

  private static void eachChild(JsonNode schema, String pointer, Visit visit) {
    for (String keyword : MAPS) {
      for (Map.Entry<String, JsonNode> member : schema.path(keyword).properties()) {
        visit.child(member.getValue(), pointer + '/' + keyword + '/' + escaped(member.getKey()));
      }
    }
    for (String keyword : LISTS) {
      JsonNode list = schema.path(keyword);
      for (int i = 0; i < list.size(); i++) {
        visit.child(list.path(i), pointer + '/' + keyword + '/' + i);
      }
    }
    for (String keyword : SINGLES) {
      if (schema.has(keyword)) {
        visit.child(schema.path(keyword), pointer + '/' + keyword);
      }
    }
  }

  /** A reference token of a JSON pointer (RFC 6901). */
  static String escaped(String token) {
    return token.replace("~", "~0").replace("/", "~1");
  }
}
