package io.mayfly.protocol.feed;

/**
 * What can be watched.
 *
 * @param entries what happens to entries
 * @param leases what happens to resources that are leased; it tells of no standing
 */
public record Feeds(Feed entries, Feed leases) {}
