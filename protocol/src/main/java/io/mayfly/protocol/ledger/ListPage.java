package io.mayfly.protocol.ledger;

import io.mayfly.protocol.WireMessage;
import java.util.List;

/**
 * What one node knows of a list.
 *
 * @param rows in the order that was asked for
 */
public record ListPage(List<LedgerRow> rows) implements WireMessage {
  public ListPage {
    rows = List.copyOf(rows);
  }
}
