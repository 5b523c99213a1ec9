package io.mayfly.multinode.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.mayfly.protocol.entry.Version;

/**
 * What is under a key.
 *
 * @param version of the last mutation; zeros where there was none
 * @param value missing unless the entry is live
 */
public record KeyState(boolean live, Version version, JsonNode value) {
  /** Nothing was ever there. */
  public static final KeyState ABSENT =
      new KeyState(false, new Version(0, 0), MissingNode.getInstance());

  /** A live entry. */
  public static KeyState live(Version version, JsonNode value) {
    return new KeyState(true, version, value);
  }

  /** An ended entry, of which the tombstone stands. */
  public static KeyState ended(Version version) {
    return new KeyState(false, version, MissingNode.getInstance());
  }

  /** Whether this is what a request on {@code before} leaves behind. */
  public boolean follows(KeyState before, Attempt attempt) {
    boolean sameIncarnation =
        version.incarnation() == before.version.incarnation()
            && version.revision() == before.version.revision() + 1;
    if (attempt.isDelete()) {
      return before.live && !live && sameIncarnation;
    }
    boolean created =
        version.incarnation() > before.version.incarnation() && version.revision() == 1;
    return live && value.equals(attempt.value()) && (before.live ? sameIncarnation : created);
  }
}
