package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.mayfly.protocol.WireMessage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A payload as one CBOR data item (RFC 8949), validated at the door. Equal when its bytes are. */
public final class Value implements WireMessage {
  private final byte[] cbor;

  /** Takes the bytes over: nobody changes them afterwards. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Value(byte[] cbor) {
    this.cbor = cbor;
  }

  /** The bytes themselves, not a copy: only to be read. */
  @JsonValue
  public byte[] cbor() {
    return cbor;
  }

  /** The size that limits count, in bytes of CBOR. */
  public int size() {
    return cbor.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Value that && Arrays.equals(cbor, that.cbor);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(cbor);
  }

  /** Never the content: values may be secret. */
  @Override
  public String toString() {
    return "Value[" + cbor.length + " bytes]";
  }
}
