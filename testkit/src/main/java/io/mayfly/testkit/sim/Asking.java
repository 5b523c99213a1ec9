package io.mayfly.testkit.sim;

import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractTerms;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.testkit.Behaviour;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request of a client, from its way to a node to its answer, or to the end of its patience. */
final class Asking {
  private static final Duration NODE_PATIENCE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final World world;
  private final Behaviour.Act act;
  private final Consumer<@Nullable Object> heard;
  private boolean over;

  Asking(World world, Behaviour.Act act, Consumer<@Nullable Object> heard) {
    this.world = world;
    this.act = act;
    this.heard = heard;
  }

  void ask(int index) {
    world.later(PATIENCE.toNanos(), () -> end(null));
    world.network().outside(() -> arrive(index));
    if (act.repeatable() && world.network().doubles()) {
      world.network().outside(() -> arrive(index));
    }
  }

  private void arrive(int index) {
    Node node = world.node(index);
    if (!node.alive() || !node.awake()) {
      return;
    }
    if (!node.stands()) {
      answer(draining());
      return;
    }
    CompletionStage<?> stage;
    if (act instanceof Behaviour.Ask ask) {
      stage = node.keyspace().entries().send(ask.id(), ask.command(), NODE_PATIENCE);
    } else if (act instanceof Behaviour.AskLease ask) {
      stage = node.keyspace().leases().send(ask.id(), ask.command(), NODE_PATIENCE);
    } else {
      Behaviour.Agree agree = (Behaviour.Agree) act;
      stage =
          node.registry()
              .put(
                  new ContractDocument(agree.namespace(), 0, "", "", agree.contract()),
                  ContractTerms.NONE,
                  NODE_PATIENCE);
    }
    var unused =
        stage.whenComplete(
            (reply, failure) -> {
              if (node.alive()) {
                answer(reply);
              }
            });
  }

  private Object draining() {
    if (act instanceof Behaviour.Ask) {
      return Refusal.of(Refusal.Reason.DRAINING);
    }
    return act instanceof Behaviour.AskLease
        ? LeaseRefusal.of(LeaseRefusal.Reason.DRAINING)
        : ContractRefusal.of(ContractRefusal.Reason.OUTCOME_UNKNOWN);
  }

  private void answer(@Nullable Object reply) {
    world.network().outside(() -> end(reply));
  }

  private void end(@Nullable Object reply) {
    if (!over) {
      over = true;
      heard.accept(reply);
    }
  }
}
