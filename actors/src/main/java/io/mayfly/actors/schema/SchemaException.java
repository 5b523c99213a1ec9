package io.mayfly.actors.schema;

/** A schema is none that values can be held to. The pointer leads into the schema. */
final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pointer;

  SchemaException(String pointer, String detail) {
    super(detail, null, false, false);
    this.pointer = pointer;
  }

  String pointer() {
    return pointer;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
