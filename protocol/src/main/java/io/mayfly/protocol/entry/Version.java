package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One state of an entry: which life of the key, and how many mutations that life has seen.
 *
 * @param incarnation grows every time the key is created anew, below 2^53
 * @param revision counts the accepted mutations of the incarnation, from 1
 */
public record Version(long incarnation, long revision) implements WireMessage {
  private static final Pattern ETAG = Pattern.compile("\"([1-9]\\d{0,15})\\.([1-9]\\d{0,15})\"");

  /** Reads an entity tag; empty when it is no tag that Mayfly ever gave out. */
  public static Optional<Version> fromEtag(String etag) {
    Matcher matcher = ETAG.matcher(etag);
    return matcher.matches()
        ? Optional.of(
            new Version(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** The strong entity tag with its quotes (RFC 9110, 8.8.3). */
  public String etag() {
    return "\"" + incarnation + '.' + revision + '"';
  }

  /** The version after one more mutation. */
  public Version next() {
    return new Version(incarnation, revision + 1);
  }
}
