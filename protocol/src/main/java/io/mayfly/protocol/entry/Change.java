package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a PATCH does to a value. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Change.MergePatch.class, name = "merge"),
  @JsonSubTypes.Type(value = Change.JsonPatch.class, name = "json"),
})
public sealed interface Change extends WireMessage {

  /** A merge patch (RFC 7396). */
  record MergePatch(Value document) implements Change {}

  /** A JSON Patch (RFC 6902): all operations or none. */
  record JsonPatch(List<Operation> operations) implements Change {
    /** The most operations in one patch. */
    public static final int OPERATIONS_MAX = 10_000;
  }

  /**
   * One operation of a JSON Patch. Pointers are lists of unescaped reference tokens (RFC 6901).
   *
   * @param from only for {@code move} and {@code copy}
   * @param value only for {@code add}, {@code replace} and {@code test}
   */
  record Operation(Verb verb, List<String> path, @Nullable List<String> from, @Nullable Value value)
      implements WireMessage {}

  /** The operations of RFC 6902, 4. */
  enum Verb {
    ADD,
    REMOVE,
    REPLACE,
    MOVE,
    COPY,
    TEST
  }
}
