package io.mayfly.http;

import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Precondition;

/**
 * One operation of a batch, ready to be sent.
 *
 * @param precondition what a read is held against; a mutation carries its own
 */
record BatchOperation(EntryId id, EntryCommand command, Precondition precondition)
    implements CommandFlow.Sent {
  /** Whether the answer shows the value that the mutation left. */
  boolean showsValue() {
    return command instanceof EntryCommand.Increment;
  }
}
