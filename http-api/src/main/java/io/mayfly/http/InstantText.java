package io.mayfly.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Instants as RFC 3339 says them: read with any offset, written in UTC with milliseconds. */
final class InstantText {
  /** The first instant after the year 9999, in milliseconds. */
  private static final long END_MILLIS = 253_402_300_800_000L;

  /** The first instant of the year 0, in milliseconds. */
  private static final long START_MILLIS = -62_167_219_200_000L;

  private static final long DAY_MILLIS = 86_400_000L;

  private InstantText() {}

  /** Writes {@code 2026-01-01T00:00:00.000Z}: always 24 characters within the years 0 to 9999. */
  static String format(Instant instant) {
    long millis = instant.toEpochMilli();
    if (millis < START_MILLIS || millis >= END_MILLIS) {
      return instant.toString();
    }
    long day = Math.floorDiv(millis, DAY_MILLIS);
    int rest = (int) Math.floorMod(millis, DAY_MILLIS);
    byte[] text = new byte[24];
    date(text, day);
    text[10] = 'T';
    digits(text, 11, 2, rest / 3_600_000);
    text[13] = ':';
    digits(text, 14, 2, rest / 60_000 % 60);
    text[16] = ':';
    digits(text, 17, 2, rest / 1_000 % 60);
    text[19] = '.';
    digits(text, 20, 3, rest % 1_000);
    text[23] = 'Z';
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Days to a civil date, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
  private static void date(byte[] text, long epochDay) {
    long shifted = epochDay + 719_468;
    long era = Math.floorDiv(shifted, 146_097L);
    int dayOfEra = (int) (shifted - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shiftedMonth = (5 * dayOfYear + 2) / 153;
    int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    digits(text, 0, 4, year);
    text[4] = '-';
    digits(text, 5, 2, month);
    text[7] = '-';
    digits(text, 8, 2, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1);
  }

  private static void digits(byte[] text, int from, int count, int number) {
    int rest = number;
    for (int i = from + count - 1; i >= from; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /**
   * Reads an instant and drops what is finer than a millisecond.
   *
   * @throws IllegalArgumentException when the text is no such instant
   */
  static Instant parse(String text) {
    try {
      return read(text);
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      throw malformed(e);
    }
  }

  private static Instant read(String text) {
    require(text, 4, '-');
    require(text, 7, '-');
    require(text, 10, 'T');
    require(text, 13, ':');
    require(text, 16, ':');
    LocalDateTime local =
        LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 2),
            number(text, 8, 2),
            number(text, 11, 2),
            number(text, 14, 2),
            number(text, 17, 2));
    int zone = 19;
    int millis = 0;
    if (text.charAt(zone) == '.') {
      zone = endOfDigits(text, zone + 1);
      millis = fraction(text, 20, zone);
    }
    Instant instant = local.toInstant(offset(text, zone)).plusMillis(millis);
    long epochMillis = instant.toEpochMilli();
    if (epochMillis < START_MILLIS || epochMillis >= END_MILLIS) {
      throw malformed(null);
    }
    return instant;
  }

  private static ZoneOffset offset(String text, int from) {
    char sign = text.charAt(from);
    if (sign == 'Z' || sign == 'z') {
      requireEnd(text, from + 1);
      return ZoneOffset.UTC;
    }
    if (sign != '+' && sign != '-') {
      throw malformed(null);
    }
    require(text, from + 3, ':');
    requireEnd(text, from + 6);
    int hours = number(text, from + 1, 2);
    int minutes = number(text, from + 4, 2);
    return sign == '-'
        ? ZoneOffset.ofHoursMinutes(-hours, -minutes)
        : ZoneOffset.ofHoursMinutes(hours, minutes);
  }

  private static int fraction(String text, int from, int to) {
    if (to == from) {
      throw malformed(null);
    }
    int millis = 0;
    for (int i = 0; i < 3; i++) {
      millis = millis * 10 + (from + i < to ? text.charAt(from + i) - '0' : 0);
    }
    return millis;
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (digit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int number(String text, int from, int count) {
    int number = 0;
    for (int i = from; i < from + count; i++) {
      if (!digit(text.charAt(i))) {
        throw malformed(null);
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static void require(String text, int at, char expected) {
    if (Character.toUpperCase(text.charAt(at)) != expected) {
      throw malformed(null);
    }
  }

  private static void requireEnd(String text, int at) {
    if (text.length() != at) {
      throw malformed(null);
    }
  }

  private static IllegalArgumentException malformed(@Nullable Throwable cause) {
    return new IllegalArgumentException(
        "expected an instant of RFC 3339, such as 2026-01-01T00:00:00.000Z", cause);
  }
}
