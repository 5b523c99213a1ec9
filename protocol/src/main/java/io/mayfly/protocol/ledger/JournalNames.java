package io.mayfly.protocol.ledger;

import io.mayfly.protocol.entry.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * How entries are named in the journal.
 *
 * @param prefix what stands before an entry's {@link EntryId#text()}
 */
public record JournalNames(String prefix) {

  /** The persistence id of an entry. */
  public String of(EntryId id) {
    return prefix + id.text();
  }

  /** The entry of a persistence id; absent when it names none. */
  public @Nullable EntryId entry(String persistenceId) {
    if (!persistenceId.startsWith(prefix)) {
      return null;
    }
    try {
      return EntryId.parse(persistenceId.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
