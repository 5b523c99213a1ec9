package io.mayfly.actors.patch;

import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORWriteContext;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Writes 2^63 to 2^64-1 as plain CBOR integers (RFC 8949, 3.1), for which the generator below would
 * use a bignum that is longer, and that fewer readers take for a number.
 */
final class PlainIntegers extends JsonGeneratorDelegate {
  private static final byte UINT64 = 0x1b;

  private final CBORGenerator cbor;

  PlainIntegers(CBORGenerator cbor) {
    super(cbor, false);
    this.cbor = cbor;
  }

  /** Arrays of no stated length, as values have from the door, so that none is counted twice. */
  @Override
  public void writeStartArray(Object value, int size) throws IOException {
    cbor.writeStartArray(value);
  }

  @Override
  public void writeNumber(BigInteger number) throws IOException {
    if (number.signum() > 0 && number.bitLength() == Long.SIZE) {
      if (!((CBORWriteContext) cbor.getOutputContext()).writeValue()) {
        throw new IllegalStateException("cbor generator: expected a place for a value");
      }
      byte[] head = {UINT64};
      cbor.writeBytes(head, 0, head.length);
      byte[] argument = ByteBuffer.allocate(Long.BYTES).putLong(number.longValue()).array();
      cbor.writeBytes(argument, 0, argument.length);
    } else {
      cbor.writeNumber(number);
    }
  }
}
