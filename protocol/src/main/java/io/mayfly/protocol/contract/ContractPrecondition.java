package io.mayfly.protocol.contract;

import io.mayfly.protocol.WireMessage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a request about a contract (RFC 9110, 13.1).
 *
 * @param ifMatch must name the current version; absent when not asked
 * @param ifNoneMatch must not name the current version; absent when not asked
 */
public record ContractPrecondition(@Nullable Tags ifMatch, @Nullable Tags ifNoneMatch)
    implements WireMessage {
  /** No condition. */
  public static final ContractPrecondition NONE = new ContractPrecondition(null, null);

  /**
   * Entity tags of one header.
   *
   * @param any the header was {@code *}: any current version
   * @param versions the tags that could be ours
   */
  public record Tags(boolean any, Set<Long> versions) implements WireMessage {
    /** The header {@code *}. */
    public static final Tags ANY = new Tags(true, Set.of());

    boolean name(long current) {
      return current > 0 && (any || versions.contains(current));
    }
  }

  /** Whether {@code If-Match} holds for the current version, 0 when there is none. */
  public boolean matches(long current) {
    return ifMatch == null || ifMatch.name(current);
  }

  /** Whether {@code If-None-Match} holds for the current version, 0 when there is none. */
  public boolean noneMatches(long current) {
    return ifNoneMatch == null || !ifNoneMatch.name(current);
  }

  /** Whether both conditions hold for the current version, 0 when there is none. */
  public boolean holds(long current) {
    return matches(current) && noneMatches(current);
  }
}
