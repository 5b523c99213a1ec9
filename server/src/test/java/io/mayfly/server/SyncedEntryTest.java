package io.mayfly.server;

/** The basics of an entry, synced. */
final class SyncedEntryTest extends EntryBasics {
  SyncedEntryTest() {
    super("synced");
  }
}
