package io.mayfly.sharding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/**
 * Keeps those of a number of actors alive that fall to this node. Every node deals them out alike,
 * in turn over the members that are up and within its reach, so nobody need be asked, and what a
 * node ran that is lost is begun elsewhere as soon as it is out of reach.
 *
 * <p>Nodes that see different members may run the same actor at a time, or for a moment none: only
 * work that may be done twice, and late, may be kept so.
 */
final class Rota<M> extends AbstractBehavior<Rota.Look> {

  /** The wish to look who is there. */
  enum Look {
    NOW
  }

  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final Supplier<Set<Integer>> own;
  private final IntFunction<Behavior<M>> create;
  private final Map<Integer, ActorRef<M>> running = new TreeMap<>();

  private Rota(
      ActorContext<Look> context, Supplier<Set<Integer>> own, IntFunction<Behavior<M>> create) {
    super(context);
    this.own = own;
    this.create = create;
  }

  /**
   * Keeps the actors whose numbers are this node's own.
   *
   * @param own the numbers; asked at every look
   * @param create the actor of a number; one that fails is begun again
   */
  static <M> Behavior<Look> create(Supplier<Set<Integer>> own, IntFunction<Behavior<M>> create) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Look.NOW, Duration.ZERO, INTERVAL);
          return Behaviors.setup(context -> new Rota<>(context, own, create));
        });
  }

  /** The numbers below a count that fall to this node as its cluster is now. */
  static Set<Integer> own(Cluster cluster, int count) {
    CurrentClusterState state = cluster.state();
    List<Member> members = new ArrayList<>();
    for (Member member : state.getMembers()) {
      if (member.status().equals(MemberStatus.up()) && !state.getUnreachable().contains(member)) {
        members.add(member);
      }
    }
    members.sort(Member.ordering());
    return dealt(members.indexOf(cluster.selfMember()), members.size(), count);
  }

  /** Every so manieth number below a count, from one on; none below 0. */
  static Set<Integer> dealt(int first, int step, int count) {
    Set<Integer> numbers = new HashSet<>();
    for (int number = first; number >= 0 && number < count; number += step) {
      numbers.add(number);
    }
    return numbers;
  }

  @Override
  public Receive<Look> createReceive() {
    return newReceiveBuilder()
        .onMessage(Look.class, look -> onLook())
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private Behavior<Look> onLook() {
    Set<Integer> wanted = own.get();
    for (Map.Entry<Integer, ActorRef<M>> one : running.entrySet()) {
      if (!wanted.contains(one.getKey())) {
        getContext().stop(one.getValue());
      }
    }
    for (int number : wanted) {
      running.computeIfAbsent(number, this::begun);
    }
    return this;
  }

  private ActorRef<M> begun(int number) {
    ActorRef<M> actor = getContext().spawnAnonymous(create.apply(number));
    getContext().watch(actor);
    return actor;
  }

  private Behavior<Look> onTerminated(Terminated terminated) {
    running.values().removeIf(actor -> actor.equals(terminated.getRef()));
    return this;
  }
}
