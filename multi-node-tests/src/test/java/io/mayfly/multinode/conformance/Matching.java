package io.mayfly.multinode.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Holds what came against what a vector expects, and keeps what the vector captures.
 *
 * <p>Members that are not named may be there, except within {@code $exactly}.
 */
final class Matching {
  private static final Pattern INSTANT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
  private static final Pattern ETAG = Pattern.compile("\"\\d+\\.\\d+\"");
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  private final Map<String, JsonNode> captured;
  private final boolean exactly;

  private Matching(Map<String, JsonNode> captured, boolean exactly) {
    this.captured = captured;
    this.exactly = exactly;
  }

  /** Fails when they do not match; adds to what was captured when they do. */
  static void require(
      JsonNode expected, JsonNode actual, String place, Map<String, JsonNode> captured) {
    new Matching(captured, false).match(expected, actual, place);
  }

  private void match(JsonNode expected, JsonNode actual, String place) {
    if (isMatcher(expected)) {
      expected.properties().forEach(rule -> rule(rule.getKey(), rule.getValue(), actual, place));
    } else if (expected.isObject()) {
      matchObject(expected, actual, place);
    } else if (expected.isArray()) {
      check(actual.isArray() && actual.size() == expected.size(), expected, actual, place);
      for (int i = 0; i < expected.size(); i++) {
        match(expected.get(i), actual.get(i), place + "/" + i);
      }
    } else if (expected.isNumber()) {
      check(actual.isNumber() && compare(expected, actual) == 0, expected, actual, place);
    } else {
      check(expected.equals(actual), expected, actual, place);
    }
  }

  private static boolean isMatcher(JsonNode expected) {
    return expected.isObject()
        && !expected.isEmpty()
        && expected.fieldNames().next().startsWith("$");
  }

  private void matchObject(JsonNode expected, JsonNode actual, String place) {
    check(actual.isObject(), expected, actual, place);
    expected
        .properties()
        .forEach(
            member ->
                match(
                    member.getValue(),
                    actual.path(member.getKey()),
                    place + "/" + member.getKey()));
    if (exactly) {
      actual
          .fieldNames()
          .forEachRemaining(name -> check(expected.has(name), expected, actual, place));
    }
  }

  private void rule(String rule, JsonNode operand, JsonNode actual, String place) {
    boolean holds =
        switch (rule) {
          case "$absent" -> actual.isMissingNode();
          case "$any" -> isOf(operand.asText(), actual);
          case "$above" -> isNumeric(actual) && compare(actual, operand) > 0;
          case "$between" ->
              isNumeric(actual)
                  && compare(actual, operand.get(0)) >= 0
                  && compare(actual, operand.get(1)) <= 0;
          case "$not" -> !actual.isMissingNode() && !matches(operand, actual, place);
          case "$oneOf" -> anyMatches(operand, actual, place);
          case "$contains" -> containsAll(operand, actual, place);
          case "$exactly" -> {
            new Matching(captured, true).match(operand, actual, place);
            yield true;
          }
          case "$capture" -> {
            captured.put(operand.asText(), actual);
            yield !actual.isMissingNode();
          }
          default -> throw new AssertionError("no matcher has the name " + rule);
        };
    check(holds, rule + " " + operand, actual, place);
  }

  private boolean matches(JsonNode expected, JsonNode actual, String place) {
    Map<String, JsonNode> own = new HashMap<>();
    try {
      new Matching(own, exactly).match(expected, actual, place);
    } catch (Mismatch e) {
      return false;
    }
    captured.putAll(own);
    return true;
  }

  private boolean anyMatches(JsonNode alternatives, JsonNode actual, String place) {
    for (JsonNode alternative : alternatives) {
      if (matches(alternative, actual, place)) {
        return true;
      }
    }
    return false;
  }

  private boolean containsAll(JsonNode wanted, JsonNode actual, String place) {
    for (JsonNode item : wanted) {
      boolean found = false;
      for (int i = 0; i < actual.size() && !found; i++) {
        found = matches(item, actual.path(i), place + "/" + i);
      }
      if (!found) {
        return false;
      }
    }
    return actual.isArray();
  }

  private static boolean isOf(String kind, JsonNode actual) {
    return switch (kind) {
      case "anything" -> !actual.isMissingNode();
      case "text" -> actual.isTextual();
      case "instant" -> actual.isTextual() && INSTANT.matcher(actual.asText()).matches();
      case "etag" -> actual.isTextual() && ETAG.matcher(actual.asText()).matches();
      case "integer" ->
          actual.isIntegralNumber()
              || (actual.isTextual() && DIGITS.matcher(actual.asText()).matches());
      case "number" -> actual.isNumber();
      case "boolean" -> actual.isBoolean();
      case "object" -> actual.isObject();
      case "array" -> actual.isArray();
      default -> throw new AssertionError("nothing is of the kind " + kind);
    };
  }

  private static boolean isNumeric(JsonNode actual) {
    return actual.isNumber() || (actual.isTextual() && DIGITS.matcher(actual.asText()).matches());
  }

  private static int compare(JsonNode one, JsonNode other) {
    return new BigDecimal(one.asText()).compareTo(new BigDecimal(other.asText()));
  }

  private static void check(boolean holds, Object expected, JsonNode actual, String place) {
    if (!holds) {
      String found = actual instanceof MissingNode ? "nothing" : actual.toString();
      throw new Mismatch(place + ": expected " + expected + ", found " + found);
    }
  }

  /** Says what does not match, and where. */
  static final class Mismatch extends AssertionError {
    private static final long serialVersionUID = 1;

    Mismatch(String message) {
      super(message);
    }
  }
}
