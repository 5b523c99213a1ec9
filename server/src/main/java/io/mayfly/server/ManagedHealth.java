package io.mayfly.server;

import io.mayfly.http.Health;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.jspecify.annotations.Nullable;

/**
 * What Pekko Management answers at its own port about the node's health: the same that {@code
 * /health} says. It creates the checks by the names of their classes.
 */
public final class ManagedHealth implements Extension {
  private static final Id ID = new Id();

  private volatile @Nullable Health health;

  private ManagedHealth() {}

  /** Lets the checks of an actor system tell of this health. */
  static void publish(ClassicActorSystemProvider system, Health health) {
    ID.get(system).health = health;
  }

  private static CompletionStage<Boolean> told(ActorSystem system, Predicate<Health> check) {
    Health known = ID.get(system).health;
    return CompletableFuture.completedFuture(known != null && check.test(known));
  }

  private static final class Id extends AbstractExtensionId<ManagedHealth> {
    @Override
    public ManagedHealth createExtension(ExtendedActorSystem system) {
      return new ManagedHealth();
    }
  }

  /** Whether the node serves. */
  public static final class Ready implements Supplier<CompletionStage<Boolean>> {
    private final ActorSystem system;

    /** Called by Pekko Management. */
    public Ready(ActorSystem system) {
      this.system = system;
    }

    @Override
    public CompletionStage<Boolean> get() {
      return told(system, Health::ready);
    }
  }

  /** Whether the node can go on. */
  public static final class Live implements Supplier<CompletionStage<Boolean>> {
    private final ActorSystem system;

    /** Called by Pekko Management. */
    public Live(ActorSystem system) {
      this.system = system;
    }

    @Override
    public CompletionStage<Boolean> get() {
      return told(system, Health::live);
    }
  }
}
