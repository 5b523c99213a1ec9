package io.mayfly.server.telemetry;

import java.util.Locale;

/** Names of constants as tags spell them. */
final class Words {
  private Words() {}

  /** In small letters, with hyphens. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
