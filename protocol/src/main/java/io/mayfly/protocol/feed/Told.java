package io.mayfly.protocol.feed;

import org.jspecify.annotations.Nullable;

/** A stored event of which the feed may tell. */
public interface Told {
  /** What the feed tells of it; absent when nothing. */
  @Nullable FeedEvent feedEvent();
}
