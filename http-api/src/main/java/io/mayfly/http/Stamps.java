package io.mayfly.http;

import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.VersionVector;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a mutation among those of all producers: {@code Mayfly-Sequence}, {@code
 * Mayfly-Version-Vector} (a dictionary of RFC 9651, 3.2, of integers) and {@code
 * Mayfly-Written-At}.
 */
final class Stamps {
  private static final String VECTOR = "Mayfly-Version-Vector";
  private static final Pattern MEMBER = Pattern.compile("([a-z*][a-z0-9_.*-]*)=(\\d{1,15})");

  private Stamps() {}

  /**
   * The place that the headers name.
   *
   * @param keepsValue whether the answer shows the value
   */
  static Stamp of(RequestHeaders headers, boolean keepsValue) {
    String vector = headers.versionVector();
    Stamp stamp =
        new Stamp(
            headers.sequence(),
            vector == null ? null : vector(vector),
            writtenAt(headers.writtenAt()),
            keepsValue);
    return of(stamp, headers.producer());
  }

  /** The place that was read, once it agrees with its producer. */
  static Stamp of(Stamp read, @Nullable String producer) {
    if (read.vector() != null) {
      return new Stamp(
          read.sequence(),
          ofItsProducer(read.vector(), producer),
          read.writtenAt(),
          read.keepsValue());
    }
    return read.sequence() == 0 && read.writtenAt() == null ? Stamp.NONE : read;
  }

  /** Reads the dictionary; of a member named twice the last counts. */
  static VersionVector vector(String text) {
    Map<String, Long> components = new HashMap<>();
    for (String member : text.split(",", -1)) {
      Matcher matcher = MEMBER.matcher(member.strip());
      if (!matcher.matches()) {
        throw RequestHeaders.invalid(VECTOR, "expected producer=sequence, producer=sequence");
      }
      components.put(matcher.group(1), Long.parseLong(matcher.group(2)));
    }
    return vector(components);
  }

  /** The vector with these components, when they are few and well named. */
  static VersionVector vector(Map<String, Long> components) {
    if (components.size() > VersionVector.PRODUCERS_MAX) {
      throw RequestHeaders.invalid(
          VECTOR, "expected at most " + VersionVector.PRODUCERS_MAX + " producers");
    }
    try {
      return new VersionVector(components);
    } catch (IllegalArgumentException e) {
      throw RequestHeaders.invalid(VECTOR, "expected producers of at most 128 characters");
    }
  }

  /** Every update raises its own producer's component, so that a vector names one update. */
  private static VersionVector ofItsProducer(VersionVector vector, @Nullable String producer) {
    if (producer == null) {
      throw RequestHeaders.invalid("Mayfly-Producer", "a version vector needs it");
    }
    if (vector.of(producer) == 0) {
      throw RequestHeaders.invalid(VECTOR, "it does not name its own producer");
    }
    return vector;
  }

  private static @Nullable Instant writtenAt(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return InstantText.parse(text);
    } catch (IllegalArgumentException e) {
      throw RequestHeaders.invalid("Mayfly-Written-At", "expected an instant of RFC 3339 in UTC");
    }
  }
}
