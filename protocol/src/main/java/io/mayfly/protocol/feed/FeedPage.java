package io.mayfly.protocol.feed;

import java.util.List;

/**
 * What follows a position.
 *
 * @param events in their order
 * @param next the position up to which the page tells everything
 * @param more whether more followed when it was read
 */
public record FeedPage(List<Fed> events, long next, boolean more) {}
