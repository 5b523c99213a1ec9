package io.mayfly.http;

import java.util.Locale;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** What a mutation should answer with ({@code Prefer: return=…}, RFC 7240, 4.2). */
enum Preference {
  /** The receipt: nothing was preferred. */
  RECEIPT("receipt"),
  /** No body at all. */
  MINIMAL("minimal"),
  /** The value. */
  REPRESENTATION("representation");

  private final String text;

  Preference(String text) {
    this.text = text;
  }

  /** The header that says that the preference was honoured. */
  HttpHeader applied() {
    return RawHeader.create("Preference-Applied", "return=" + text);
  }

  /** Reads the header. Preferences that are unknown are ignored; of two, the first counts. */
  static Preference of(@Nullable String prefer) {
    if (prefer == null) {
      return RECEIPT;
    }
    for (String element : prefer.toLowerCase(Locale.ROOT).split(",", -1)) {
      int semicolon = element.indexOf(';');
      String text = (semicolon < 0 ? element : element.substring(0, semicolon)).replace(" ", "");
      switch (text.replace("\"", "")) {
        case "return=minimal" -> {
          return MINIMAL;
        }
        case "return=representation" -> {
          return REPRESENTATION;
        }
        default -> {}
      }
    }
    return RECEIPT;
  }
}
