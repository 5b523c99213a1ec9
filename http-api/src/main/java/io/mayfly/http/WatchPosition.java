package io.mayfly.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Up to where a watcher knows everything. As text it is the id of an event, which clients hand back
 * unread; later ids of one series are greater as texts too.
 *
 * @param position of the feed
 * @param frontier while the entries that stand are still being told: the last key that was, so that
 *     of greater keys nothing is known yet; empty before the first. Absent when all are known
 */
record WatchPosition(long position, @Nullable String frontier) {
  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern TEXT =
      Pattern.compile("([a-z0-9]{1,16})-([0-7][0-9a-f]{15})(?:-((?:[0-9a-f]{2}){0,512}))?");

  /** Where somebody stands who knows everything up to a position. */
  static WatchPosition at(long position) {
    return new WatchPosition(position, null);
  }

  /** The id of the event at which a watcher has come here. */
  String text(String series) {
    String text = series + '-' + HEX.toHexDigits(position);
    return frontier == null
        ? text
        : text + '-' + HEX.formatHex(frontier.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads an id; absent when it belongs to another series.
   *
   * @throws IllegalArgumentException when it is none that was ever given out
   */
  static @Nullable WatchPosition parse(String text, String series) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("position: unknown");
    }
    if (!matcher.group(1).equals(series)) {
      return null;
    }
    String frontier = matcher.group(3);
    return new WatchPosition(
        HexFormat.fromHexDigitsToLong(matcher.group(2)), frontier == null ? null : utf8(frontier));
  }

  private static String utf8(String hex) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(HEX.parseHex(hex)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("position: no UTF-8", e);
    }
  }

  /** Whether events of a key are told here, and not later with the entries that stand. */
  boolean knows(String key) {
    return frontier == null
        || Arrays.compareUnsigned(
                key.getBytes(StandardCharsets.UTF_8), frontier.getBytes(StandardCharsets.UTF_8))
            <= 0;
  }
}
