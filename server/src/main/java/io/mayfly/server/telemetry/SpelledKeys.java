package io.mayfly.server.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Keeps lines out of the log in which a library spells out the name of a key: as the journal or the
 * shards call it, whatever its contract says. What went wrong, the key tells itself, under the name
 * that its contract allows: lines with a {@code namespace} obey its contract. Asked only for lines
 * that are written.
 */
public final class SpelledKeys extends Filter<ILoggingEvent> {
  private static final List<String> SPELLINGS =
      List.of(
          "entry|", "lease|", "/sharding/entry/", "/sharding/volatile-entry/", "/sharding/lease/");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    return !obeys(event.getKeyValuePairs())
            && (spells(event.getFormattedMessage()) || spells(event.getThrowableProxy()))
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }

  private static boolean obeys(@Nullable List<KeyValuePair> fields) {
    return fields != null && fields.stream().anyMatch(field -> field.key.equals("namespace"));
  }

  private static boolean spells(@Nullable IThrowableProxy failure) {
    for (IThrowableProxy cause = failure; cause != null; cause = cause.getCause()) {
      if (spells(cause.getMessage())) {
        return true;
      }
    }
    return false;
  }

  private static boolean spells(@Nullable String text) {
    return text != null && SPELLINGS.stream().anyMatch(text::contains);
  }
}
