package io.mayfly.server;

/** The basics of an entry, volatile. */
final class VolatileEntryTest extends EntryBasics {
  VolatileEntryTest() {
    super("volatile");
  }
}
