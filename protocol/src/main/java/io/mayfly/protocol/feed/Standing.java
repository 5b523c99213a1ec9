package io.mayfly.protocol.feed;

import io.mayfly.protocol.ledger.LedgerRow;
import java.util.List;

/**
 * A page of entries as they stood at one position.
 *
 * @param rows in the order of the keys' UTF-8 bytes
 * @param position every event up to it is in the rows, and none after it
 */
public record Standing(List<LedgerRow> rows, long position) {}
