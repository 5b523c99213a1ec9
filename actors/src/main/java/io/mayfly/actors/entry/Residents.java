package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The states of the resident entries of one kind on a node, as their actors publish them. What only
 * looks is decided in them on the thread that asks, and waits behind no write.
 *
 * <p>Invariant: a state is published after it is stored and before the reply that tells of it, and
 * withdrawn before its actor has stopped. So whoever looks here sees every acknowledged write, and
 * an entry that another node may have taken over is not here.
 *
 * <p>A look does not tell the shard that the entry is in use. The first one after a while is
 * therefore not decided here: it is to go to the actor, which keeps its place among the residents.
 */
public final class Residents {
  private final EntrySurroundings surroundings;
  private final long unseenMillis;
  private final Map<EntryId, Resident> all = new ConcurrentHashMap<>();

  private static final class Resident {
    private volatile EntryState state;
    private volatile long seenMillis;

    private Resident(EntryState state, long seenMillis) {
      this.state = state;
      this.seenMillis = seenMillis;
    }
  }

  /**
   * Nobody is resident yet.
   *
   * @param unseen how long an entry may be looked at without its actor being asked
   */
  public Residents(EntrySurroundings surroundings, Duration unseen) {
    this.surroundings = surroundings;
    this.unseenMillis = unseen.toMillis();
  }

  /** The reply to a command that only looks; absent when its actor is to be asked. */
  public @Nullable EntryReply look(EntryId id, EntryCommand.Looking command) {
    Resident resident = all.get(id);
    if (resident == null) {
      return null;
    }
    Situation situation = surroundings.situation(id);
    if (Math.abs(situation.nowMillis() - resident.seenMillis) >= unseenMillis) {
      resident.seenMillis = situation.nowMillis();
      return null;
    }
    EntryState state = resident.state;
    Decision decision = state.decide(command, situation);
    if (!decision.events().isEmpty()) {
      return null;
    }
    surroundings.tell(state, command, decision, situation);
    return decision.reply();
  }

  /** Shows the state of an entry from now on. Only its actor may. */
  void publish(EntryId id, EntryState state) {
    Resident resident = all.get(id);
    if (resident == null) {
      all.put(id, new Resident(state, surroundings.clock().millis()));
    } else {
      resident.state = state;
    }
  }

  /** Shows nothing of an entry any more, until its actor publishes a state again. */
  void withdraw(EntryId id) {
    all.remove(id);
  }
}
