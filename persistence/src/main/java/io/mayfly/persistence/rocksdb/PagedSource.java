package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.rocksdb.Pages.Page;
import io.mayfly.persistence.rocksdb.Pages.Rest;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * A stream of {@link Pages}. It reads the next page only when the one before was taken, and after
 * the last one only when something was committed; an idle query costs nothing.
 */
final class PagedSource<P, T> extends GraphStage<SourceShape<T>> {
  private final Outlet<T> out = Outlet.create("PagedSource.out");
  private final SourceShape<T> shape = SourceShape.of(out);
  private final Executor readers;
  private final Supplier<Pages<P, T>> pages;

  PagedSource(Executor readers, Supplier<Pages<P, T>> pages) {
    this.readers = readers;
    this.pages = pages;
  }

  @Override
  public SourceShape<T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic(pages.get());
  }

  private final class Logic extends GraphStageLogic {
    private final Pages<P, T> pages;
    private final Queue<T> ready = new ArrayDeque<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AsyncCallback<Page<P, T>> onPage = createAsyncCallback(this::onPage);
    private final AsyncCallback<Throwable> onFailure = createAsyncCallback(this::failStage);
    private final AsyncCallback<Boolean> onSignal = createAsyncCallback(ignored -> proceed());
    private P position;
    private Rest rest = Rest.MORE;
    private boolean reading;
    private @Nullable AutoCloseable subscription;

    Logic(Pages<P, T> pages) {
      super(shape);
      this.pages = pages;
      this.position = pages.start();
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              proceed();
            }
          });
    }

    @Override
    public void preStart() {
      subscription = pages.subscribe(this::signal);
    }

    @Override
    public void postStop() throws Exception {
      if (subscription != null) {
        subscription.close();
      }
    }

    /** Called by the journal's thread. Signals that were not looked at yet are as good as one. */
    private void signal() {
      if (signalled.compareAndSet(false, true)) {
        onSignal.invoke(true);
      }
    }

    private void proceed() {
      if (reading || !isAvailable(out)) {
        return;
      }
      T next = ready.poll();
      if (next != null) {
        push(out, next);
      } else if (rest == Rest.COMPLETE) {
        completeStage();
      } else if (rest == Rest.MORE || signalled.get()) {
        read();
      }
    }

    private void read() {
      reading = true;
      signalled.set(false);
      P from = position;
      readers.execute(
          () -> {
            try {
              onPage.invoke(pages.read(from));
            } catch (Exception e) {
              onFailure.invoke(e);
            }
          });
    }

    private void onPage(Page<P, T> page) {
      reading = false;
      position = page.next();
      rest = page.rest();
      ready.addAll(page.items());
      if (ready.isEmpty() && rest == Rest.COMPLETE) {
        completeStage();
      } else {
        proceed();
      }
    }
  }
}
