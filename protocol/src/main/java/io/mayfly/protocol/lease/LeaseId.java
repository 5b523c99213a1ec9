package io.mayfly.protocol.lease;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.EntryId;

/**
 * The name of one resource that is leased, under the same rules as the name of an entry. The two
 * have nothing else in common: an entry of the same name is another thing.
 */
public record LeaseId(String namespace, String name) implements WireMessage {
  public LeaseId {
    EntryId.requireNamespace(namespace);
    EntryId.requireKey(name);
  }

  /** Reads {@link #text()} back. */
  public static LeaseId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("lease id: " + text + " (expected: namespace/name)");
    }
    return new LeaseId(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Namespace and name joined by the slash that no namespace contains. */
  public String text() {
    return namespace + '/' + name;
  }
}
