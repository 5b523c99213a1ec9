package io.mayfly.protocol.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A state of which the ledger shows no row, and only knows when to wake it. */
public interface Wakeful {
  /** When it must next be woken, as the events that led to it said; absent for never. */
  @Nullable Instant wakeAt();
}
