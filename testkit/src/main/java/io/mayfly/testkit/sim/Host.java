package io.mayfly.testkit.sim;

import io.mayfly.sharding.Shards;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/** Hosts the actors of one node, with the passivation and the hand-over of Cluster Sharding. */
final class Host extends AbstractBehavior<Host.Message> {
  /** What a host understands. */
  sealed interface Message {}

  /** Something for a key. */
  record Deliver<M>(Shards.Kind<M> kind, M message) implements Message {}

  /** An actor wishes to stop. */
  private record Passivate(Seat seat, @Nullable ActorRef<?> self) implements Message {}

  private record Stopped(Seat seat) implements Message {}

  /** Hands a shard over; the task runs when none of its actors is left. */
  record Leave(int shard, Runnable left) implements Message {}

  /** Passivates what nobody used since an instant. */
  record Rest(long sinceNanos) implements Message {}

  /** Starts an actor that is no key. */
  record Keep(Behavior<?> behavior) implements Message {}

  /** Where the actor of a key sits. */
  private record Seat(String kind, String key) {}

  private static final class Guest<M> {
    private final Shards.Kind<M> kind;
    private final ActorRef<M> actor;
    private final List<M> waiting = new ArrayList<>();
    private long usedNanos;
    private boolean stopping;

    private Guest(Shards.Kind<M> kind, ActorRef<M> actor) {
      this.kind = kind;
      this.actor = actor;
    }
  }

  private final Node node;
  private final Map<Seat, Guest<?>> guests = new LinkedHashMap<>();
  private final Map<Integer, Runnable> leaving = new LinkedHashMap<>();

  static Behavior<Message> create(Node node) {
    return Behaviors.setup(context -> new Host(context, node));
  }

  private Host(ActorContext<Message> context, Node node) {
    super(context);
    this.node = node;
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Deliver.class, deliver -> onDeliver((Deliver<?>) deliver))
        .onMessage(Passivate.class, this::onPassivate)
        .onMessage(Stopped.class, stopped -> onStopped(stopped.seat()))
        .onMessage(Leave.class, this::onLeave)
        .onMessage(Rest.class, this::onRest)
        .onMessage(Keep.class, this::onKeep)
        .build();
  }

  private Behavior<Message> onKeep(Keep keep) {
    getContext().spawnAnonymous(keep.behavior());
    return this;
  }

  @SuppressWarnings("unchecked")
  private <M> Behavior<Message> onDeliver(Deliver<M> deliver) {
    Seat seat = new Seat(deliver.kind().name(), deliver.kind().address().apply(deliver.message()));
    if (!node.homes(seat.key())) {
      node.route(deliver.kind(), deliver.message());
      return this;
    }
    Guest<M> guest = (Guest<M>) guests.get(seat);
    if (guest == null) {
      guest = seat(seat, deliver.kind());
    }
    guest.usedNanos = node.world().agenda().nowNanos();
    if (guest.stopping) {
      guest.waiting.add(deliver.message());
    } else {
      guest.actor.tell(deliver.message());
    }
    return this;
  }

  private <M> Guest<M> seat(Seat seat, Shards.Kind<M> kind) {
    ActorRef<Message> self = getContext().getSelf();
    Behavior<M> behavior =
        kind.create()
            .apply(
                new Shards.Place<>() {
                  @Override
                  public String key() {
                    return seat.key();
                  }

                  @Override
                  public void passivate(ActorRef<M> actor) {
                    self.tell(new Passivate(seat, actor));
                  }

                  @Override
                  public void resend(M message) {
                    node.route(kind, message);
                  }
                });
    Guest<M> guest = new Guest<>(kind, getContext().spawnAnonymous(behavior));
    getContext().watchWith(guest.actor, new Stopped(seat));
    guests.put(seat, guest);
    return guest;
  }

  private Behavior<Message> onPassivate(Passivate wish) {
    Guest<?> guest = guests.get(wish.seat());
    if (guest != null && (wish.self() == null || guest.actor.equals(wish.self()))) {
      stop(guest);
    }
    return this;
  }

  private static void stop(Guest<?> guest) {
    if (!guest.stopping) {
      guest.stopping = true;
      Adapter.toClassic(guest.actor)
          .tell(PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
    }
  }

  private Behavior<Message> onStopped(Seat seat) {
    Guest<?> guest = guests.remove(seat);
    if (guest != null) {
      forward(guest);
    }
    look();
    return this;
  }

  private <M> void forward(Guest<M> guest) {
    guest.waiting.forEach(message -> node.route(guest.kind, message));
  }

  private Behavior<Message> onLeave(Leave leave) {
    leaving.put(leave.shard(), leave.left());
    guests.forEach(
        (seat, guest) -> {
          if (node.world().shardOf(seat.key()) == leave.shard()) {
            stop(guest);
          }
        });
    look();
    return this;
  }

  private void look() {
    leaving
        .entrySet()
        .removeIf(
            entry -> {
              boolean empty =
                  guests.keySet().stream()
                      .noneMatch(seat -> node.world().shardOf(seat.key()) == entry.getKey());
              if (empty) {
                entry.getValue().run();
              }
              return empty;
            });
  }

  private Behavior<Message> onRest(Rest rest) {
    for (Guest<?> guest : guests.values()) {
      if (guest.kind.passivates() && guest.usedNanos <= rest.sinceNanos()) {
        stop(guest);
      }
    }
    return this;
  }
}
