package io.mayfly.http;

import io.mayfly.protocol.feed.Fed;
import io.mayfly.protocol.feed.FeedPage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpEntity.ChunkStreamPart;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one watcher. It holds a position and no events: what its client takes slowly waits
 * in the channel or in the feed, and costs nobody else anything.
 *
 * <p>It ends when the node drains, when its position is no longer kept, and when its client takes
 * nothing for too long; the client then still has its last id.
 */
final class WatchSource extends GraphStage<SourceShape<ChunkStreamPart>> {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int TURN_EVENTS = 512;

  private final Outlet<ChunkStreamPart> out = Outlet.create("WatchSource.out");
  private final SourceShape<ChunkStreamPart> shape = SourceShape.of(out);
  private final WatchChannels channels;
  private final WatchSettings settings;
  private final Watch watch;

  /**
   * What is watched.
   *
   * @param from where the watcher stands at the beginning
   * @param withValues whether events show their values
   * @param marked whether the stream says where it stands also when it tells nothing
   * @param greeting what the stream begins with
   */
  record Watch(
      WatchTopic topic,
      WatchFilter filter,
      WatchPosition from,
      WatchText text,
      boolean withValues,
      boolean marked,
      ByteString greeting,
      WatchPages pages) {}

  WatchSource(WatchChannels channels, WatchSettings settings, Watch watch) {
    this.channels = channels;
    this.settings = settings;
    this.watch = watch;
  }

  @Override
  public SourceShape<ChunkStreamPart> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Watcher();
  }

  /** One watcher at work. */
  final class Watcher extends GraphStageLogic {
    private final WatchChannel channel = channels.enter(watch.topic());
    private final AsyncCallback<Consumer<Watcher>> callback =
        createAsyncCallback(action -> action.accept(this));
    private WatchPosition position = watch.from();
    private boolean greeted;
    private boolean busy;
    private volatile long saidNanos = System.nanoTime();
    private volatile long takenNanos = saidNanos;

    private Watcher() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              takenNanos = System.nanoTime();
              proceed();
            }
          });
    }

    @Override
    public void preStart() {
      channels.add(this);
    }

    @Override
    public void postStop() {
      channels.leave(this, channel);
    }

    /** There may be news. Called from anywhere. */
    void wake() {
      callback.invoke(Watcher::proceed);
    }

    /** Whether the stream has been silent for long. Called from anywhere. */
    boolean due(long nowNanos) {
      return nowNanos - saidNanos > settings.heartbeat().toNanos();
    }

    /** Breaks the silence, or gives the client up. Called from anywhere. */
    void beat() {
      callback.invoke(Watcher::breakSilence);
    }

    /** Ends the stream: another node goes on with it. Called from anywhere. */
    void sendAway() {
      callback.invoke(GraphStageLogic::completeStage);
    }

    private void breakSilence() {
      if (isAvailable(out) && !busy) {
        say(watch.text().heartbeat().concat(mark()));
      } else if (!isAvailable(out)
          && System.nanoTime() - takenNanos > settings.patience().toNanos()) {
        failStage(new TimeoutException("a watcher takes nothing"));
      }
    }

    private ByteString mark() {
      return watch.marked()
          ? watch.text().mark(position.text(channel.series()))
          : ByteString.emptyByteString();
    }

    private void say(ByteString bytes) {
      saidNanos = System.nanoTime();
      push(out, ChunkStreamPart.create(bytes));
    }

    private void proceed() {
      if (!isAvailable(out) || busy) {
        return;
      }
      if (!greeted) {
        greeted = true;
        say(mark().concat(watch.greeting()));
      } else if (position.frontier() != null) {
        await(watch.pages().standing(watch, channel.series(), position), this::onChunk);
      } else {
        live();
      }
    }

    /** Goes on with what the channel holds, else with a page of the feed. */
    private void live() {
      while (true) {
        List<WatchChannel.Item> items = channel.after(position.position(), TURN_EVENTS, this);
        if (items == null) {
          await(watch.pages().after(watch.topic(), position.position()), this::onPage);
          return;
        }
        if (items.isEmpty()) {
          return;
        }
        WatchChunk chunk = new WatchChunk();
        Instant newest = Instant.EPOCH;
        for (WatchChannel.Item item : items) {
          if (chunk.size() >= CHUNK_BYTES) {
            break;
          }
          position = WatchPosition.at(item.fed().position());
          if (watch.filter().wants(item.fed().event())) {
            chunk.add(item.spelt(watch.text(), channel.series(), watch.withValues()));
            newest = item.fed().event().at();
          }
        }
        if (chunk.size() > 0) {
          channels.told(watch.topic().namespace(), newest);
          say(chunk.toByteString());
          return;
        }
      }
    }

    private void onPage(Optional<FeedPage> page) {
      if (page.isEmpty()) {
        completeStage();
        return;
      }
      WatchChunk chunk = new WatchChunk();
      for (Fed fed : page.get().events()) {
        if (watch.filter().wants(fed.event())) {
          String id = WatchPosition.at(fed.position()).text(channel.series());
          chunk.add(watch.text().event(id, fed, watch.withValues()));
        }
      }
      position = WatchPosition.at(page.get().next());
      sayOrProceed(chunk.toByteString());
    }

    private void onChunk(Optional<WatchPages.Told> told) {
      if (told.isEmpty()) {
        completeStage();
        return;
      }
      position = told.get().position();
      sayOrProceed(told.get().bytes());
    }

    private void sayOrProceed(ByteString bytes) {
      if (bytes.isEmpty()) {
        proceed();
      } else {
        say(bytes);
      }
    }

    /** Reads outside the stream, and goes on within it. */
    private <T> void await(CompletionStage<T> stage, Consumer<T> then) {
      busy = true;
      var unused =
          stage.whenComplete(
              (result, failure) ->
                  callback.invoke(
                      self -> {
                        busy = false;
                        arrived(result, failure, then);
                      }));
    }

    private <T> void arrived(@Nullable T result, @Nullable Throwable failure, Consumer<T> then) {
      if (result == null || failure != null) {
        failStage(failure == null ? new IllegalStateException("nothing was read") : failure);
      } else {
        then.accept(result);
      }
    }
  }
}
