package io.mayfly.actors.entry;

import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The resident entries of one kind on a node, as their actors publish them: what their states are,
 * and where their actors live. What only looks is decided here on the thread that asks, and waits
 * behind no write; what writes goes to the actor without passing its region and its shard.
 *
 * <p>Invariant: a state is published after it is stored and before the reply that tells of it, and
 * withdrawn before its actor has stopped. So whoever looks here sees every acknowledged write, and
 * an entry that another node may have taken over is not here.
 *
 * <p>What is decided or sent here does not tell the shard that the entry is in use. The first one
 * after a while therefore finds nobody here: it is to go by the shard, which keeps the entry's
 * place among the residents.
 */
public final class Residents {
  private final EntrySurroundings surroundings;
  private final long unseenMillis;
  private final Map<EntryId, Resident> all = new ConcurrentHashMap<>();

  /** An entry that is resident, or was a moment ago. */
  public static final class Resident {
    private static final AtomicIntegerFieldUpdater<Resident> SENDERS =
        AtomicIntegerFieldUpdater.newUpdater(Resident.class, "senders");
    private static final int WITHDRAWN = Integer.MIN_VALUE;
    private static final long WAIT_NANOS = 10_000;

    private final ActorRef<EntryRequest> actor;
    private volatile EntryState state;
    private volatile long seenMillis;

    /** How many send to the actor at this moment, counted from {@link #WITHDRAWN} in the end. */
    private volatile int senders;

    private Resident(ActorRef<EntryRequest> actor, EntryState state, long seenMillis) {
      this.actor = actor;
      this.state = state;
      this.seenMillis = seenMillis;
    }

    /**
     * Sends a request to its actor. What comes there after the actor has stopped was not begun, and
     * is a dead letter.
     *
     * @return whether it was sent: not when the entry was withdrawn
     */
    public boolean send(EntryRequest request) {
      int others = senders;
      while (!SENDERS.compareAndSet(this, others, others + 1)) {
        others = senders;
      }
      try {
        if (others >= 0) {
          actor.tell(request);
        }
        return others >= 0;
      } finally {
        SENDERS.decrementAndGet(this);
      }
    }

    /**
     * Lets nobody send any more, and waits for those that do. A mailbox that is closed while
     * somebody is about to put a letter into it loses the letter without a word.
     */
    private void withdraw() {
      SENDERS.addAndGet(this, WITHDRAWN);
      while (senders != WITHDRAWN) {
        LockSupport.parkNanos(WAIT_NANOS);
      }
    }
  }

  /**
   * Nobody is resident yet.
   *
   * @param unseen how long an entry may be used without its shard being told
   */
  public Residents(EntrySurroundings surroundings, Duration unseen) {
    this.surroundings = surroundings;
    this.unseenMillis = unseen.toMillis();
  }

  /** The resident entry; absent when the request is to go by the shard. */
  public @Nullable Resident find(EntryId id) {
    Resident resident = all.get(id);
    if (resident == null) {
      return null;
    }
    long nowMillis = surroundings.clock().millis();
    if (Math.abs(nowMillis - resident.seenMillis) >= unseenMillis) {
      resident.seenMillis = nowMillis;
      return null;
    }
    return resident;
  }

  /** The reply to a command that only looks; absent when the actor is to be asked. */
  public @Nullable EntryReply look(EntryId id, Resident resident, EntryCommand.Looking command) {
    Situation situation = surroundings.situation(id, /* sinceMillis= */ 0);
    EntryState state = resident.state;
    Decision decision = state.decide(command, situation);
    if (!decision.events().isEmpty()) {
      return null;
    }
    surroundings.tell(state, command, decision, situation);
    return decision.reply();
  }

  /** Shows the state of an entry from now on. Only its actor may. */
  void publish(EntryId id, ActorRef<EntryRequest> actor, EntryState state) {
    Resident resident = all.get(id);
    if (resident == null) {
      all.put(id, new Resident(actor, state, surroundings.clock().millis()));
    } else {
      resident.state = state;
    }
  }

  /** Shows nothing of an entry any more, until its actor publishes a state again. */
  void withdraw(EntryId id) {
    Resident resident = all.remove(id);
    if (resident != null) {
      resident.withdraw();
    }
  }
}
