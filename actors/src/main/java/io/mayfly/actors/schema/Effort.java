package io.mayfly.actors.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often a schema can be applied on the way from the root of a value to one of its leaves.
 *
 * <p>References make a short schema apply itself without end, or twice as often with each level of
 * a value. The effort is counted for the deepest value there can be, and bounded, so that the work
 * on a value is at most the bound times its size. Members and elements exclude each other on one
 * way, and so do the members of one schema's {@code properties}.
 */
final class Effort {
  /** The most applications on one way. */
  static final long MAX = 10_000;

  private static final int DEPTH_MAX = 64;

  /** Applied to the same place of a value as the schema itself. */
  private static final List<String> IN_PLACE_LISTS = List.of("allOf", "anyOf", "oneOf");

  private static final List<String> IN_PLACE = List.of("not", "if", "then", "else");

  private final Subschemas subschemas;
  private IdentityHashMap<JsonNode, Long> shallower = new IdentityHashMap<>();
  private IdentityHashMap<JsonNode, Steps> steps = new IdentityHashMap<>();

  private Effort(Subschemas subschemas) {
    this.subschemas = subschemas;
  }

  /**
   * Refuses a schema that can take more than {@link #MAX} applications.
   *
   * @throws SchemaException when it can
   */
  static void require(JsonNode root, Subschemas subschemas) {
    Effort effort = new Effort(subschemas);
    for (int depth = 0; depth <= DEPTH_MAX; depth++) {
      effort.steps = new IdentityHashMap<>();
      IdentityHashMap<JsonNode, Long> totals = new IdentityHashMap<>();
      for (JsonNode schema : subschemas.all()) {
        totals.put(schema, effort.steps(schema).total());
      }
      effort.shallower = totals;
      if (effort.below(root) > MAX) {
        throw new SchemaException("", "The schema can take too many steps on a value.");
      }
    }
  }

  /**
   * What a schema takes at one place and below.
   *
   * @param here applications at the place itself
   * @param elements applications at an element and below
   * @param members applications at a member and below
   */
  private record Steps(long here, long elements, long members) {
    private static final Steps UNDERWAY = new Steps(-1, 0, 0);

    long total() {
      return Math.min(MAX + 1, here + Math.max(elements, members));
    }

    Steps plus(Steps other) {
      return new Steps(
          Math.min(MAX + 1, here + other.here),
          Math.min(MAX + 1, elements + other.elements),
          Math.min(MAX + 1, members + other.members));
    }
  }

  private Steps steps(@Nullable JsonNode schema) {
    if (schema == null || !schema.isObject()) {
      return new Steps(1, 0, 0);
    }
    Steps known = steps.get(schema);
    if (known != null) {
      if (known.here() < 0) {
        throw new SchemaException("", "A reference leads back to itself without a step down.");
      }
      return known;
    }
    steps.put(schema, Steps.UNDERWAY);
    Steps counted = own(schema);
    if (schema.has("$ref")) {
      counted = counted.plus(steps(subschemas.target(schema)));
    }
    for (String keyword : IN_PLACE) {
      counted = schema.has(keyword) ? counted.plus(steps(schema.path(keyword))) : counted;
    }
    for (String keyword : IN_PLACE_LISTS) {
      for (JsonNode part : schema.path(keyword)) {
        counted = counted.plus(steps(part));
      }
    }
    for (JsonNode part : schema.path("dependentSchemas")) {
      counted = counted.plus(steps(part));
    }
    steps.put(schema, counted);
    return counted;
  }

  /** What the schema's own keywords send down. */
  private Steps own(JsonNode schema) {
    long element =
        Math.max(most(schema.path("prefixItems")), below(schema, "items"))
            + below(schema, "contains")
            + below(schema, "unevaluatedItems");
    long member =
        Math.max(most(schema.path("properties")), below(schema, "additionalProperties"))
            + sum(schema.path("patternProperties"))
            + below(schema, "propertyNames")
            + below(schema, "unevaluatedProperties");
    return new Steps(1, Math.min(MAX + 1, element), Math.min(MAX + 1, member));
  }

  private long below(JsonNode schema, String keyword) {
    return schema.has(keyword) ? below(schema.path(keyword)) : 0;
  }

  /** The effort for a value that is one level less deep; none where there is no such level. */
  private long below(JsonNode schema) {
    if (!schema.isObject()) {
      return 1;
    }
    return shallower.getOrDefault(schema, 0L);
  }

  private long most(JsonNode schemas) {
    long most = 0;
    for (JsonNode schema : schemas) {
      most = Math.max(most, below(schema));
    }
    return most;
  }

  private long sum(JsonNode schemas) {
    long sum = 0;
    for (JsonNode schema : schemas) {
      sum += below(schema);
    }
    return sum;
  }
}
