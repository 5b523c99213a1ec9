package io.mayfly.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How log lines look, by setting and place. */
final class LogFormatTest {
  @ParameterizedTest(name = "{0}, terminal: {1}")
  @CsvSource({
    "auto, true, text",
    "auto, false, json",
    "text, false, text",
    "json, true, json",
  })
  void format_followsTheSettingThenThePlace(String setting, boolean terminal, String format) {
    assertThat(LogFormat.of(config(setting), terminal)).isEqualTo(format);
  }

  @Test
  void unknownFormat_isRefusedByName() {
    assertThatThrownBy(() -> LogFormat.of(config("xml"), true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mayfly.log.format");
  }

  private static Config config(String format) {
    return ConfigFactory.parseMap(Map.of("mayfly.log.format", format));
  }
}
