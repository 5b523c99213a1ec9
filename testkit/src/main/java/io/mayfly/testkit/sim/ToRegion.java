package io.mayfly.testkit.sim;

import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorRefProvider;
import org.apache.pekko.actor.EmptyLocalActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** An address that is no actor: what is sent there is handed over at once. */
final class ToRegion extends EmptyLocalActorRef {
  private final Consumer<Object> taker;

  ToRegion(ActorSystem<?> system, Consumer<Object> taker) {
    this(((ExtendedActorSystem) Adapter.toClassic(system)).provider(), system, taker);
  }

  private ToRegion(ActorRefProvider provider, ActorSystem<?> system, Consumer<Object> taker) {
    super(provider, provider.deadLetters().path(), Adapter.toClassic(system).eventStream());
    this.taker = taker;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public void $bang(Object message, ActorRef sender) {
    taker.accept(message);
  }
}
