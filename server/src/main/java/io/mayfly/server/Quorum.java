package io.mayfly.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/**
 * Whether this node may speak for its cluster: a majority of the members has consented, so lately
 * that no other node can have taken its keys over.
 *
 * <p>At short intervals the node asks all members. Who counts the asking node as a member within
 * reach consents. The consent of a majority holds for the lease, counted from the question, by the
 * clock that also runs while a process is paused. So a node that was paused or cut off knows by
 * itself that it may no longer be right, before it has heard from anybody.
 *
 * <p>Invariant: the lease is shorter than the time after which the majority takes keys over.
 */
final class Quorum {
  private static final String NAME = "mayfly-quorum";
  private static final Set<MemberStatus> COUNTED =
      Set.of(MemberStatus.up(), MemberStatus.leaving(), MemberStatus.exiting());

  private final Cluster cluster;
  private volatile long standsUntilNanos = System.nanoTime();

  private Quorum(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Starts to ask. */
  static Quorum start(ActorSystem<?> system, ClusterSettings settings) {
    ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
    Quorum quorum = new Quorum(Cluster.get(classic));
    var unused =
        classic.systemActorOf(Props.create(Asking.class, () -> new Asking(quorum, settings)), NAME);
    return quorum;
  }

  /** Whether the consent of a majority holds now. Never blocks. */
  boolean stands() {
    return System.nanoTime() - standsUntilNanos < 0;
  }

  /** The members whose consent counts; none while this node is not among them. */
  private List<Address> members() {
    List<Address> members = new ArrayList<>();
    for (Member member : cluster.state().getMembers()) {
      if (COUNTED.contains(member.status())) {
        members.add(member.address());
      }
    }
    return members.contains(cluster.selfAddress()) ? members : List.of();
  }

  /** Whether a member may go on, as far as this node knows: it is counted, and reachable. */
  private boolean consentsTo(Address address) {
    CurrentClusterState state = cluster.state();
    for (Member member : state.getUnreachable()) {
      if (member.address().equals(address)) {
        return false;
      }
    }
    for (Member member : state.getMembers()) {
      if (member.address().equals(address)) {
        return COUNTED.contains(member.status());
      }
    }
    return false;
  }

  /**
   * Asks for consent with a positive number and consents with its negative: numbers have
   * serializers everywhere.
   */
  private static final class Asking extends UntypedAbstractActor {
    private enum Tick {
      NOW
    }

    private final Quorum quorum;
    private final ClusterSettings settings;
    private final Cancellable ticks;
    private final Set<Address> consenting = new HashSet<>();
    private long number;
    private long askedAtNanos;

    private Asking(Quorum quorum, ClusterSettings settings) {
      this.quorum = quorum;
      this.settings = settings;
      this.ticks =
          getContext()
              .getSystem()
              .scheduler()
              .scheduleWithFixedDelay(
                  settings.interval(),
                  settings.interval(),
                  getSelf(),
                  Tick.NOW,
                  getContext().getDispatcher(),
                  getSelf());
    }

    @Override
    public void postStop() {
      ticks.cancel();
    }

    @Override
    public void onReceive(Object message) {
      if (message == Tick.NOW) {
        ask();
      } else if (message instanceof Long asked && asked > 0) {
        if (quorum.consentsTo(getSender().path().address())) {
          getSender().tell(-asked, getSelf());
        }
      } else if (message instanceof Long answered && answered == -number) {
        consented(getSender().path().address());
      } else if (!(message instanceof Long)) {
        unhandled(message);
      }
    }

    private void ask() {
      number++;
      askedAtNanos = System.nanoTime();
      consenting.clear();
      Address self = quorum.cluster.selfAddress();
      for (Address member : quorum.members()) {
        if (!member.equals(self)) {
          getContext()
              .actorSelection(new RootActorPath(member, "/").child("system").child(NAME))
              .tell(number, getSelf());
        }
      }
      consented(self);
    }

    private void consented(Address member) {
      List<Address> members = quorum.members();
      consenting.add(member);
      long agreed = members.stream().filter(consenting::contains).count();
      if (agreed > members.size() / 2) {
        quorum.standsUntilNanos = askedAtNanos + settings.lease().toNanos();
      }
    }
  }
}
