package io.mayfly.sharding;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListPage;
import io.mayfly.protocol.ledger.ListQuery;
import io.mayfly.protocol.ledger.Wake;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BinaryOperator;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.pattern.Patterns;

/**
 * The volatile entries of all nodes: each node knows those in its memory, so a list asks them all.
 * A node that does not answer fails the list, which must not leave out what was acknowledged; what
 * lived on one that is gone or out of reach is lost anyway.
 */
final class ScatteredLedger implements Ledger {
  private static final String NAME = "mayfly-volatile-list";
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Comparator<LedgerRow> BY_AGE =
      Comparator.<LedgerRow>comparingLong(row -> row.version().incarnation())
          .thenComparingLong(row -> row.version().revision());
  private static final Set<MemberStatus> HOLDING =
      Set.of(MemberStatus.up(), MemberStatus.leaving(), MemberStatus.exiting());

  private final VolatileLedger local;
  private final ExtendedActorSystem system;
  private final Cluster cluster;

  private ScatteredLedger(VolatileLedger local, ExtendedActorSystem system) {
    this.local = local;
    this.system = system;
    this.cluster = Cluster.get(system);
  }

  /** Begins to answer other nodes, and to ask them. */
  static ScatteredLedger start(ActorSystem<?> system, VolatileLedger local) {
    ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
    var unused =
        classic.systemActorOf(Props.create(Answering.class, () -> new Answering(local)), NAME);
    return new ScatteredLedger(local, classic);
  }

  /** Tells others what is in this node's memory, which takes no wait. */
  private static final class Answering extends UntypedAbstractActor {
    private final VolatileLedger local;

    private Answering(VolatileLedger local) {
      this.local = local;
    }

    @Override
    public void onReceive(Object message) {
      if (message instanceof ListQuery query) {
        getSender().tell(new ListPage(local.rows(query)), getSelf());
      } else {
        unhandled(message);
      }
    }
  }

  @Override
  public CompletionStage<List<LedgerRow>> list(ListQuery query) {
    List<CompletableFuture<ListPage>> pages = new ArrayList<>();
    for (ActorSelection other : others()) {
      CompletableFuture<ListPage> page = new CompletableFuture<>();
      Patterns.ask(other, query, PATIENCE)
          .whenCompleteAsync(
              (answer, failure) -> {
                if (answer instanceof ListPage told) {
                  page.complete(told);
                } else {
                  page.completeExceptionally(
                      failure == null ? new IllegalStateException("no page: " + answer) : failure);
                }
              },
              Runnable::run);
      pages.add(page);
    }
    List<LedgerRow> own = local.rows(query);
    if (pages.isEmpty()) {
      return CompletableFuture.completedFuture(own);
    }
    return CompletableFuture.allOf(pages.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> merged(query, own, pages.stream().map(CompletableFuture::join).toList()));
  }

  private List<ActorSelection> others() {
    Set<Member> unreachable = new HashSet<>();
    cluster.state().getUnreachable().forEach(unreachable::add);
    List<ActorSelection> others = new ArrayList<>();
    for (Member member : cluster.state().getMembers()) {
      if (HOLDING.contains(member.status())
          && !member.address().equals(cluster.selfAddress())
          && !unreachable.contains(member)) {
        others.add(
            system.actorSelection(
                new RootActorPath(member.address(), "/").child("system").child(NAME)));
      }
    }
    return others;
  }

  /** While a key moves, two nodes may know it: the newer row is right. */
  static List<LedgerRow> merged(ListQuery query, List<LedgerRow> own, List<ListPage> others) {
    Map<EntryId, LedgerRow> rows = new HashMap<>();
    own.forEach(row -> rows.put(row.id(), row));
    for (ListPage page : others) {
      for (LedgerRow row : page.rows()) {
        rows.merge(row.id(), row, BinaryOperator.maxBy(BY_AGE));
      }
    }
    return rows.values().stream().sorted(VolatileLedger.order(query)).limit(query.limit()).toList();
  }

  @Override
  public CompletionStage<List<Wake>> due(int slice, Wake after, Instant until, int limit) {
    return local.due(slice, after, until, limit);
  }

  /** Of this node: what counts against a limit is counted where it lives. */
  @Override
  public CompletionStage<Map<String, Long>> counts() {
    return local.counts();
  }

  @Override
  public long highestPurgedIncarnation() {
    return local.highestPurgedIncarnation();
  }
}
