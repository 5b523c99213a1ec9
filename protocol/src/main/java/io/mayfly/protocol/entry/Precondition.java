package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a request (RFC 9110, 13.1).
 *
 * @param ifMatch must name the current version; absent when not asked
 * @param ifNoneMatch must not name the current version; absent when not asked
 */
public record Precondition(@Nullable Tags ifMatch, @Nullable Tags ifNoneMatch)
    implements WireMessage {
  /** No condition. */
  public static final Precondition NONE = new Precondition(null, null);

  /**
   * Entity tags of one header.
   *
   * @param any the header was {@code *}: any current version
   * @param versions the tags that could be ours; foreign and weak ones are left out, since they
   *     match nothing
   */
  public record Tags(boolean any, Set<Version> versions) implements WireMessage {
    /** The header {@code *}. */
    public static final Tags ANY = new Tags(true, Set.of());

    boolean name(@Nullable Version current) {
      return current != null && (any || versions.contains(current));
    }
  }

  /** Whether the request names no condition at all. */
  public boolean absent() {
    return ifMatch == null && ifNoneMatch == null;
  }

  /** Whether the conditions hold for the current version, absent when there is none. */
  public boolean holds(@Nullable Version current) {
    return (ifMatch == null || ifMatch.name(current))
        && (ifNoneMatch == null || !ifNoneMatch.name(current));
  }
}
