package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.Format;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses the representation by {@code Accept} (RFC 9110, 12.5.1). */
final class Negotiation {
  private static final int WEIGHT_MAX = 1000;

  private static final String NDJSON = "application/x-ndjson";
  private static final String CBOR_SEQUENCE = "application/cbor-seq";
  private static final String EVENTS = "text/event-stream";

  private final Wish first = new Wish();
  private final Wish second = new Wish();
  private final String firstType;
  private final String secondType;

  private Negotiation(String firstType, String secondType) {
    this.firstType = firstType;
    this.secondType = secondType;
  }

  /**
   * The representation of a stream: lines of JSON, or a CBOR sequence.
   *
   * @param standard what to answer with when the request has no wish
   */
  static Format stream(@Nullable String accept, Format standard) {
    if (accept == null || accept.isBlank()) {
      return standard;
    }
    Negotiation negotiation = new Negotiation(NDJSON, CBOR_SEQUENCE);
    for (String element : accept.split(",", -1)) {
      negotiation.consider(element.strip());
    }
    return negotiation.result(standard);
  }

  /** The spelling of a watcher's stream; of equal wishes server-sent events. */
  static WatchText watch(@Nullable String accept) {
    if (accept == null || accept.isBlank()) {
      return WatchText.EVENTS;
    }
    Negotiation negotiation = new Negotiation(EVENTS, NDJSON);
    for (String element : accept.split(",", -1)) {
      negotiation.consider(element.strip());
    }
    return negotiation.result(Format.JSON) == Format.JSON ? WatchText.EVENTS : WatchText.LINES;
  }

  /** The representation to answer with; of equal wishes the more specific, then JSON. */
  static Format choose(@Nullable String accept) {
    if (accept == null || accept.equals("*/*") || accept.equals("application/json")) {
      return Format.JSON;
    }
    if (accept.equals("application/cbor")) {
      return Format.CBOR;
    }
    if (accept.isBlank()) {
      return Format.JSON;
    }
    Negotiation negotiation = new Negotiation("application/json", "application/cbor");
    for (String element : accept.split(",", -1)) {
      negotiation.consider(element.strip());
    }
    return negotiation.result(Format.JSON);
  }

  private void consider(String element) {
    int semicolon = element.indexOf(';');
    String range = (semicolon < 0 ? element : element.substring(0, semicolon)).strip();
    int weight = semicolon < 0 ? WEIGHT_MAX : weight(element.substring(semicolon + 1));
    String type = range.toLowerCase(Locale.ROOT);
    consider(type, weight, firstType, first);
    consider(type, weight, secondType, second);
  }

  private static void consider(String range, int weight, String offered, Wish wish) {
    if (range.equals(offered)) {
      wish.note(weight, 3);
    } else if (range.equals(offered.substring(0, offered.indexOf('/')) + "/*")) {
      wish.note(weight, 2);
    } else if (range.equals("*/*")) {
      wish.note(weight, 1);
    }
  }

  private static int weight(String parameters) {
    for (String parameter : parameters.split(";", -1)) {
      String text = parameter.strip();
      if (text.length() > 2 && (text.startsWith("q=") || text.startsWith("Q="))) {
        return weightValue(text.substring(2));
      }
    }
    return WEIGHT_MAX;
  }

  /** A weight that is none counts as a refusal: it cannot be a wish. */
  private static int weightValue(String text) {
    try {
      double value = Double.parseDouble(text);
      return value >= 0 && value <= 1 ? (int) Math.round(value * WEIGHT_MAX) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private Format result(Format standard) {
    if (first.weight == 0 && second.weight == 0) {
      throw Problem.of(
              ProblemType.NOT_ACCEPTABLE, "Only " + firstType + " and " + secondType + " are here.")
          .exception();
    }
    if (standard == Format.CBOR) {
      return first.above(second) ? Format.JSON : Format.CBOR;
    }
    return second.above(first) ? Format.CBOR : Format.JSON;
  }

  /** How much one representation is wished for. The most specific range decides. */
  private static final class Wish {
    private int weight;
    private int specificity;

    private void note(int weighs, int specific) {
      if (specific > specificity || (specific == specificity && weighs > weight)) {
        specificity = specific;
        weight = weighs;
      }
    }

    private boolean above(Wish other) {
      return weight > other.weight || (weight == other.weight && specificity > other.specificity);
    }
  }
}
