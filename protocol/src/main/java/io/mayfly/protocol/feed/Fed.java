package io.mayfly.protocol.feed;

/**
 * An event at its place in the feed.
 *
 * @param position above 0; later events stand at higher ones, in all namespaces together
 */
public record Fed(long position, FeedEvent event) {}
