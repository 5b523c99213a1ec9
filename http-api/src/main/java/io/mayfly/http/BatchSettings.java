package io.mayfly.http;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The bounds of one batch, from {@code mayfly.http.batch}.
 *
 * @param lineBytesMax the most bytes of one operation
 * @param inFlight the most operations of a batch that are worked on at once
 * @param inFlightBytes the bytes of operations under way from which no more is read
 * @param idleTimeout how long a batch may stand still because its client neither sends nor reads
 * @param followedMax the most operations of a batch that is followed whose steps are followed too
 */
record BatchSettings(
    int lineBytesMax, int inFlight, long inFlightBytes, Duration idleTimeout, int followedMax) {
  static BatchSettings from(Config batch) {
    return new BatchSettings(
        Math.toIntExact(batch.getBytes("line-bytes-max")),
        batch.getInt("in-flight"),
        batch.getBytes("in-flight-bytes"),
        batch.getDuration("idle-timeout"),
        batch.getInt("followed-max"));
  }
}
