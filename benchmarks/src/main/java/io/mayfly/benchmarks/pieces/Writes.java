package io.mayfly.benchmarks.pieces;

import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.actors.entry.EntryState;
import io.mayfly.actors.entry.Situation;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.EntryCommand.Put;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import java.util.Arrays;

/** A write of 120 bytes, and the situation in which it is decided. */
final class Writes {
  private Writes() {}

  static Situation situation() {
    EntryId id = new EntryId("checkout-session", "cart-0000004711");
    long nowMillis = 1_750_000_000_000L;
    return new Situation(
        id, Contract.STANDARD, ValueRule.NONE, nowMillis, nowMillis, /* purgedIncarnation= */ 0);
  }

  /** A write of a CBOR byte string, its head of two bytes included in the 120. */
  static Put put() {
    byte[] cbor = new byte[120];
    Arrays.fill(cbor, (byte) 'm');
    cbor[0] = 0x58;
    cbor[1] = 118;
    return new Put(new Value(cbor), /* notBefore= */ null, Terms.NONE);
  }

  /** The state after the write. */
  static EntryState after(EntryState state, Put put, Situation situation) {
    EntryState after = state;
    for (EntryEvent event : state.decide(put, situation).events()) {
      after = event.applyTo(after);
    }
    return after;
  }
}
