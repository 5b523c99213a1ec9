package io.mayfly.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends remoting that does not end by itself. An actor system that terminates waits for the streams
 * of its remoting without bound, and one that is secured by TLS may stand still for ever (<a
 * href="https://github.com/apache/pekko/pull/3317">pekko#3317</a>, not in Pekko 1.2): its port
 * stays taken, and a node that its cluster removed cannot join again. What waits is told then that
 * remoting has ended, which goes with the system, its streams and sockets.
 */
public final class RemotingEnd extends AbstractExtensionId<RemotingEnd.Watch>
    implements ExtensionIdProvider {
  private static final Logger LOG = LoggerFactory.getLogger(RemotingEnd.class);
  private static final String WAITING = "/system/remoting-terminator";

  /** Remoting ends in milliseconds, or within its second for flushing; the phase has ten. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @Override
  public RemotingEnd lookup() {
    return this;
  }

  @Override
  public Watch createExtension(ExtendedActorSystem system) {
    return new Watch(system);
  }

  /** Looks after one actor system. */
  public static final class Watch implements Extension {
    private final ExtendedActorSystem system;

    private Watch(ExtendedActorSystem system) {
      this.system = system;
      CoordinatedShutdown.get(system)
          .addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "end-remoting", this::begin);
    }

    private CompletionStage<Done> begin() {
      lookLater(1);
      return CompletableFuture.completedStage(Done.getInstance());
    }

    private void lookLater(int times) {
      // The system's own scheduler ends with it.
      CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> look(times));
    }

    private void look(int times) {
      if (system.getWhenTerminated().toCompletableFuture().isDone()) {
        return;
      }
      LOG.warn(
          "{} has not ended within {} s; its remoting is cut off",
          system.provider().getDefaultAddress(),
          PATIENCE.multipliedBy(times).toSeconds());
      system.actorSelection(WAITING).tell(Done.getInstance(), ActorRef.noSender());
      lookLater(times + 1);
    }
  }
}
