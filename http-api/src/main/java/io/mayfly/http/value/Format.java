package io.mayfly.http.value;

/** The two representations of a value. */
public enum Format {
  /** {@code application/json} (RFC 8259). */
  JSON,
  /** {@code application/cbor} (RFC 8949). */
  CBOR
}
