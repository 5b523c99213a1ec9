package io.mayfly.protocol;

/**
 * A value that crosses a process boundary or enters the journal, as CBOR under a short type name.
 */
public interface WireMessage {}
