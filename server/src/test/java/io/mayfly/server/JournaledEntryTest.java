package io.mayfly.server;

/** The basics of an entry, journaled. */
final class JournaledEntryTest extends EntryBasics {
  JournaledEntryTest() {
    super("journaled");
  }
}
