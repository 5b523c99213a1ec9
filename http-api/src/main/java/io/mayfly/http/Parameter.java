package io.mayfly.http;

/** The query parameters that operations know. */
enum Parameter {
  TTL("ttl"),
  EXPIRES_AT("expires-at"),
  NOT_BEFORE("not-before"),
  REVISION("revision"),
  VIEW("view"),
  LIMIT("limit"),
  CURSOR("cursor"),
  PREFIX("prefix"),
  EXPIRING_WITHIN("expiring-within"),
  FORCE("force"),
  MODE("mode"),
  EVENTS("events"),
  VALUES("values"),
  FROM("from"),
  OF("of"),
  MARKS("marks");

  private final String text;

  Parameter(String text) {
    this.text = text;
  }

  /** The name in the query. */
  String text() {
    return text;
  }
}
