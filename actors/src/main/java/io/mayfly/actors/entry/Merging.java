package io.mayfly.actors.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.actors.entry.Memory.Update;
import io.mayfly.actors.patch.Trees;
import io.mayfly.protocol.contract.Method;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What concurrent updates become. The method is applied over the maximal updates in one canonical
 * order (by the instant of writing, then by producer, then by vector), so that the same updates in
 * any order of arrival end in the same bytes.
 */
final class Merging {
  private static final Comparator<Update> CANONICAL =
      Comparator.comparingLong(Update::writtenAtMillis)
          .thenComparing(Update::producer)
          .thenComparing(update -> update.vector().text());

  private Merging() {}

  /** A merged value, or why there is none. */
  record Merged(@Nullable Value merged, @Nullable Reason refusal) {
    Value value() {
      return Objects.requireNonNull(merged);
    }
  }

  /** Whether the method is for numbers alone. */
  static boolean ofNumbers(Method method) {
    return method == Method.MAX || method == Method.MIN || method == Method.SUM;
  }

  /** The update that a command brings. */
  static Update update(EntryCommand.Put command, long nowMillis) {
    Terms terms = command.terms();
    Instant writtenAt = terms.stamp().writtenAt();
    return new Update(
        Objects.requireNonNull(terms.origin().producer()),
        Objects.requireNonNull(terms.stamp().vector()),
        writtenAt == null ? nowMillis : writtenAt.toEpochMilli(),
        command.value());
  }

  /** The value of the updates that stand together with one more that is concurrent to some. */
  static Merged of(List<Update> standing, Update added, Method method) {
    List<Value> values =
        Stream.concat(
                standing.stream()
                    .filter(update -> update.value() != null)
                    .filter(update -> !added.vector().covers(update.vector())),
                Stream.of(added))
            .sorted(CANONICAL)
            .map(update -> Objects.requireNonNull(update.value()))
            .toList();
    return switch (method) {
      case REJECT -> throw new IllegalStateException("rejected updates are never merged");
      case LAST_WRITER_WINS -> new Merged(values.get(values.size() - 1), null);
      case MERGE -> new Merged(merge(values), null);
      case MAX -> new Merged(extreme(values, 1), null);
      case MIN -> new Merged(extreme(values, -1), null);
      case SUM -> sum(values);
    };
  }

  private static Merged sum(List<Value> values) {
    Value sum = values.get(0);
    for (Value value : values.subList(1, values.size())) {
      Numbers.Sum next = Numbers.add(sum, value);
      if (next.refusal() != null) {
        return new Merged(null, next.refusal());
      }
      sum = next.value();
    }
    return new Merged(sum, null);
  }

  private static Value extreme(List<Value> values, int sign) {
    Value extreme = values.get(0);
    for (Value value : values.subList(1, values.size())) {
      if (sign * Numbers.compare(value, extreme) > 0) {
        extreme = value;
      }
    }
    return extreme;
  }

  private static Value merge(List<Value> values) {
    JsonNode merged = Trees.read(values.get(0));
    for (Value value : values.subList(1, values.size())) {
      merged = merge(merged, Trees.read(value));
    }
    return Trees.write(merged);
  }

  /** Objects deeply, arrays as sets in the order of first appearance, all else by the later one. */
  private static JsonNode merge(JsonNode earlier, JsonNode later) {
    if (earlier.isObject() && later.isObject()) {
      return mergeObjects(earlier, later);
    }
    if (earlier.isArray() && later.isArray()) {
      Set<JsonNode> union = new LinkedHashSet<>();
      earlier.forEach(union::add);
      later.forEach(union::add);
      ArrayNode array = JsonNodeFactory.instance.arrayNode(union.size());
      return array.addAll(new ArrayList<>(union));
    }
    return later;
  }

  private static JsonNode mergeObjects(JsonNode earlier, JsonNode later) {
    Set<String> names = new TreeSet<>();
    earlier.fieldNames().forEachRemaining(names::add);
    later.fieldNames().forEachRemaining(names::add);
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (String name : names) {
      JsonNode left = earlier.get(name);
      JsonNode right = later.get(name);
      object.set(name, left == null ? right : right == null ? left : merge(left, right));
    }
    return object;
  }
}
