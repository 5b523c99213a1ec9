package io.mayfly.http.caller;

import java.security.MessageDigest;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The configured tokens by their hashes. */
final class KnownTokens {
  /** A token's hash and whose it is. */
  static final class Known {
    private final byte[] hash;
    private final Caller caller;

    Known(byte[] hash, Caller caller) {
      this.hash = hash;
      this.caller = caller;
    }
  }

  private final List<Known> known;
  private final BiPredicate<byte[], byte[]> same;

  KnownTokens(List<Known> known) {
    this(known, MessageDigest::isEqual);
  }

  KnownTokens(List<Known> known, BiPredicate<byte[], byte[]> same) {
    this.known = List.copyOf(known);
    this.same = same;
  }

  boolean isEmpty() {
    return known.isEmpty();
  }

  /**
   * Whose token has this hash; absent for nobody's.
   *
   * <p>Invariant: every comparison takes the same time and all are made, so that the time of a
   * refusal tells nothing about the tokens that exist.
   */
  @Nullable Caller find(byte[] hash) {
    Caller found = null;
    for (Known candidate : known) {
      if (same.test(candidate.hash, hash)) {
        found = candidate.caller;
      }
    }
    return found;
  }
}
