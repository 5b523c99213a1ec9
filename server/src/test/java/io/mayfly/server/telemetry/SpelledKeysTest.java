package io.mayfly.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.internal.JournalFailureException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Which lines are kept out of the log. */
final class SpelledKeysTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(SpelledKeysTest.class);

  private static LoggingEvent line(String message, @Nullable Throwable failure) {
    return new LoggingEvent("", LOGGER, Level.ERROR, message, failure, new Object[0]);
  }

  private static FilterReply decision(LoggingEvent line) {
    return new SpelledKeys().decide(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Failed to save snapshot of [entry|vault/k]",
        "the history of lease|vault/k does not end here",
        "no reply from Actor[pekko://mayfly/system/sharding/entry/7/vault%2Fk#1]",
        "no reply from Actor[pekko://mayfly/system/sharding/volatile-entry/7/vault%2Fk#1]",
        "no reply from Actor[pekko://mayfly/system/sharding/lease/7/vault%2Fk#1]",
      })
  void line_thatSpellsAKeyOut_isLeftOut(String message) {
    assertThat(decision(line(message, null))).isEqualTo(FilterReply.DENY);
    assertThat(decision(line("failed", new IllegalStateException(message))))
        .isEqualTo(FilterReply.DENY);
  }

  /** What Pekko's supervisor says when a write failed or a key could not be read. */
  @Test
  void line_aboutAFailureOfTheJournal_isLeftOut() {
    RuntimeException write =
        new JournalFailureException(
            PersistenceId.ofUniqueId("entry|vault/k"), 7, "created", new ArithmeticException());

    assertThat(decision(line("Supervisor saw failure", write))).isEqualTo(FilterReply.DENY);
    assertThat(decision(line("failed", new IllegalStateException("told", write))))
        .isEqualTo(FilterReply.DENY);
  }

  @Test
  void line_thatSpellsNoKeyOut_stays() {
    assertThat(decision(line("an entry | a lease", new IllegalStateException("entry"))))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  void line_inTheVocabulary_obeysTheContractItself() {
    LoggingEvent line = line("failed", new IllegalStateException("of entry|open/k"));
    line.addKeyValuePair(new KeyValuePair("namespace", "open"));

    assertThat(decision(line)).isEqualTo(FilterReply.NEUTRAL);
  }
}
