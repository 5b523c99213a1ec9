package io.mayfly.actors.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.protocol.entry.Change.Operation;
import io.mayfly.protocol.entry.Value;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a JSON Patch (RFC 6902) over one document.
 *
 * <p>Numbers are equal when their values are (4.6). The size and the depth of the document are kept
 * within their limits along the way, and so is the sum of what the operations handle, so that no
 * patch of a few bytes can take more memory, stack or time than a value may.
 */
final class JsonPatching {
  /** The most bytes that the operations of one patch insert, copy and remove together. */
  private static final int HANDLED_BYTES_MAX = 32 << 20;

  private final int bytesMax;
  private JsonNode root;
  private long bytes;
  private long handledBytes;
  private int index;

  JsonPatching(JsonNode document, int bytesMax) {
    this.root = document;
    this.bytesMax = bytesMax;
    this.bytes = Trees.size(document);
  }

  JsonNode run(List<Operation> operations) throws PatchFailure {
    for (index = 0; index < operations.size(); index++) {
      apply(operations.get(index));
    }
    return root;
  }

  private void apply(Operation operation) throws PatchFailure {
    List<String> path = operation.path();
    switch (operation.verb()) {
      case ADD -> add(path, tree(operation.value()));
      case REMOVE -> remove(path);
      case REPLACE -> replace(path, tree(operation.value()));
      case MOVE -> move(from(operation), path);
      case COPY -> add(path, copyOf(find(from(operation))));
      case TEST -> test(path, tree(operation.value()));
    }
  }

  private void add(List<String> path, JsonNode node) throws PatchFailure {
    requireShallow(path, node);
    if (path.isEmpty()) {
      grow(size(node) - size(root));
      root = node;
      return;
    }
    String last = path.get(path.size() - 1);
    JsonNode parent = find(path.subList(0, path.size() - 1));
    if (parent instanceof ObjectNode object) {
      JsonNode old = object.get(last);
      grow(size(node) - (old == null ? -Trees.textSize(last) : size(old)));
      object.set(last, node);
    } else if (parent instanceof ArrayNode array) {
      int position = last.equals("-") ? array.size() : position(last, array.size());
      grow(size(node));
      array.insert(position, node);
    } else {
      throw missing();
    }
  }

  private JsonNode remove(List<String> path) throws PatchFailure {
    if (path.isEmpty()) {
      throw PatchFailure.at(index, "path", "the whole document would be removed");
    }
    String last = path.get(path.size() - 1);
    JsonNode parent = find(path.subList(0, path.size() - 1));
    JsonNode old = null;
    if (parent instanceof ObjectNode object) {
      old = object.remove(last);
      bytes -= old == null ? 0 : Trees.textSize(last);
    } else if (parent instanceof ArrayNode array) {
      old = array.remove(position(last, array.size() - 1));
    }
    if (old == null) {
      throw missing();
    }
    bytes -= size(old);
    return old;
  }

  private void replace(List<String> path, JsonNode node) throws PatchFailure {
    JsonNode old = find(path);
    JsonNode parent = path.isEmpty() ? root : find(path.subList(0, path.size() - 1));
    if (!path.isEmpty() && parent instanceof ArrayNode array) {
      requireShallow(path, node);
      grow(size(node) - size(old));
      array.set(position(path.get(path.size() - 1), array.size() - 1), node);
    } else {
      add(path, node);
    }
  }

  private void move(List<String> from, List<String> path) throws PatchFailure {
    JsonNode node = find(from);
    if (from.equals(path)) {
      return;
    }
    if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
      throw PatchFailure.at(index, "from", "a location cannot move into its own child");
    }
    if (path.isEmpty()) {
      bytes = size(node);
      root = node;
      return;
    }
    add(path, remove(from));
  }

  private void test(List<String> path, JsonNode expected) throws PatchFailure {
    if (!find(path).equals(NUMERICALLY, expected)) {
      throw PatchFailure.at(index, "test", "the value at the path is another one");
    }
  }

  private JsonNode find(List<String> path) throws PatchFailure {
    JsonNode node = root;
    for (String token : path) {
      node =
          node instanceof ArrayNode array
              ? array.get(position(token, array.size() - 1))
              : node.get(token);
      if (node == null) {
        throw missing();
      }
    }
    return node;
  }

  /** An array index (RFC 6901, 4): digits without leading zeros, at most {@code last}. */
  private int position(String token, int last) throws PatchFailure {
    boolean wellFormed =
        !token.isEmpty()
            && token.length() <= 7
            && token.chars().allMatch(c -> c >= '0' && c <= '9')
            && (token.length() == 1 || token.charAt(0) != '0');
    int position = wellFormed ? Integer.parseInt(token) : Integer.MAX_VALUE;
    if (position > last) {
      throw missing();
    }
    return position;
  }

  private JsonNode copyOf(JsonNode node) throws PatchFailure {
    size(node);
    return node.deepCopy();
  }

  /** The size of a tree that an operation handles. */
  private int size(JsonNode node) throws PatchFailure {
    int size = Trees.size(node);
    handledBytes += size;
    if (handledBytes > HANDLED_BYTES_MAX) {
      throw PatchFailure.oversize(index);
    }
    return size;
  }

  private void grow(long more) throws PatchFailure {
    bytes += more;
    if (bytes > bytesMax) {
      throw PatchFailure.oversize(index);
    }
  }

  private void requireShallow(List<String> path, JsonNode node) throws PatchFailure {
    if (Trees.tooDeep(node, Trees.DEPTH_MAX - path.size())) {
      throw PatchFailure.at(index, "nesting", "the document nests deeper than " + Trees.DEPTH_MAX);
    }
  }

  private List<String> from(Operation operation) throws PatchFailure {
    List<String> from = operation.from();
    if (from == null) {
      throw missing();
    }
    return from;
  }

  private static JsonNode tree(@Nullable Value value) {
    return Trees.read(Objects.requireNonNull(value));
  }

  private PatchFailure missing() {
    return PatchFailure.at(index, "path", "the path does not lead to a value");
  }

  /** Orders leaves as equal or not: numbers by value, everything else as it is. */
  private static final Comparator<JsonNode> NUMERICALLY =
      (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
          return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
      };
}
