package io.mayfly.persistence.rocksdb;

import io.mayfly.protocol.feed.Feed;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class RocksFeedTest extends FeedConformance {
  @TempDir private Path directory;
  private StoreFixture fixture;
  private RocksFeed feed;

  @BeforeEach
  void open() {
    fixture = new StoreFixture(directory);
    feed = RocksFeed.of(fixture.system(), FeedConformance::tag);
    RocksFeed.age(fixture.system(), () -> Instant.EPOCH);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Override
  protected Feed feed() {
    return feed;
  }

  @Override
  protected JournalProbe probe() {
    return fixture.probe();
  }

  /** Who listens is told before the writer is answered. */
  @Override
  protected void awaitTold() {}

  @Override
  protected void forgetBefore(long position) {
    FeedAging aging = new FeedAging(fixture.store());
    aging.forget(aging.find(null, 0, position, 10));
  }

  @Override
  protected void reopen() {
    close();
    open();
  }
}
