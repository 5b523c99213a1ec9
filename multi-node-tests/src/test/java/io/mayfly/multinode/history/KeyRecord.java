package io.mayfly.multinode.history;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the one writer of a key knows: the state that was acknowledged last, and the request whose
 * answer never came, which may or may not have happened.
 *
 * <p>Invariant: a version is never seen with two different contents.
 */
public final class KeyRecord {
  private final EntryId id;
  private final Map<Version, KeyState> seen = new HashMap<>();
  private KeyState acknowledged = KeyState.ABSENT;
  private Optional<Attempt> inFlight = Optional.empty();

  /** Nothing is known of the key yet, because nothing was written. */
  public KeyRecord(EntryId id) {
    this.id = id;
  }

  /** The key. */
  public EntryId id() {
    return id;
  }

  /** The state that was acknowledged last. */
  public synchronized KeyState acknowledged() {
    return acknowledged;
  }

  /** A request goes out. */
  public synchronized void sending(Attempt attempt) {
    inFlight = Optional.of(attempt);
  }

  /** The request in flight is certain to have had no effect. */
  public synchronized void refused() {
    inFlight = Optional.empty();
  }

  /**
   * Takes a state, acknowledged or read, over as the truth; fails when nothing that was sent
   * explains it.
   */
  public synchronized void observed(KeyState state) {
    boolean explained =
        state.equals(acknowledged)
            || inFlight.filter(attempt -> state.follows(acknowledged, attempt)).isPresent();
    if (!explained) {
      throw new AssertionError(
          id + ": found " + state + ", acknowledged " + acknowledged + ", in flight " + inFlight);
    }
    KeyState before = seen.putIfAbsent(state.version(), state);
    if (before != null && !before.equals(state)) {
      throw new AssertionError(id + ": one version, two contents: " + before + ", " + state);
    }
    acknowledged = state;
    inFlight = Optional.empty();
  }
}
