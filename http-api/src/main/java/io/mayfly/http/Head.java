package io.mayfly.http;

import io.mayfly.http.caller.Caller;
import java.util.List;

/**
 * What is known of a request that was let in, before its body.
 *
 * @param segments the decoded path
 * @param query the parameters that the route knows
 * @param caller who asks
 * @param peer the other end of the connection, which may go away
 * @param arrivedNanos when it arrived, on the monotonic clock
 */
record Head(
    RequestHeaders headers,
    List<String> segments,
    Query query,
    Caller caller,
    Peer peer,
    long arrivedNanos) {}
