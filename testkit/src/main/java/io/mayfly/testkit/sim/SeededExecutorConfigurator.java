package io.mayfly.testkit.sim;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/** Lets dispatchers put their work on the {@link Agenda} instead of giving it to threads. */
public final class SeededExecutorConfigurator extends ExecutorServiceConfigurator {
  private final Agenda agenda;

  /** Called by Pekko. */
  public SeededExecutorConfigurator(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    this.agenda = ((VirtualScheduler) prerequisites.scheduler()).agenda();
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    return () -> new OnAgenda(agenda);
  }

  private static final class OnAgenda extends AbstractExecutorService {
    private final Agenda agenda;
    private boolean shut;

    private OnAgenda(Agenda agenda) {
      this.agenda = agenda;
    }

    @Override
    public void execute(Runnable task) {
      agenda.soon(task);
    }

    @Override
    public void shutdown() {
      shut = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shut = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shut;
    }

    @Override
    public boolean isTerminated() {
      return shut;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
