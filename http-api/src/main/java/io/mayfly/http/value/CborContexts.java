package io.mayfly.http.value;

import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORWriteContext;

/** Where a CBOR generator stands, for bytes that are written past it. */
final class CborContexts {
  private CborContexts() {}

  /** Tells the generator that one value is being written. */
  static void countValue(CBORGenerator generator) {
    if (!(generator.getOutputContext() instanceof CBORWriteContext context)
        || !context.writeValue()) {
      throw new IllegalStateException("cbor generator: expected a place for a value");
    }
  }
}
