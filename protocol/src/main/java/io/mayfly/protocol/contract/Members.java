package io.mayfly.protocol.contract;

import io.mayfly.protocol.entry.Violation;
import io.mayfly.protocol.time.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The members of one object of a document. Each read notes what is wrong and goes on with the
 * standard, so that one pass finds everything.
 */
final class Members {
  private static final String DURATION_EXPECTED =
      "A duration is expected: 250ms, 30s, 5m, 2h, 7d or PT30S, at most 365250d.";

  private final Map<String, ?> tree;
  private final String rulePrefix;
  private final String pointer;
  private final List<Violation> violations;
  private final Set<String> known = new HashSet<>();

  private Members(
      Map<String, ?> tree, String rulePrefix, String pointer, List<Violation> violations) {
    this.tree = tree;
    this.rulePrefix = rulePrefix;
    this.pointer = pointer;
    this.violations = violations;
  }

  static Members root(Map<String, ?> tree, List<Violation> violations) {
    return new Members(tree, "", "", violations);
  }

  boolean has(String name) {
    return tree.containsKey(name);
  }

  /** Knows a member and does not look at it. */
  void skip(String name) {
    known.add(name);
  }

  @Nullable Object take(String name) {
    known.add(name);
    return tree.get(name);
  }

  /** Notes that a member is not what it should be. */
  void broken(String name, String detail) {
    violations.add(new Violation(rulePrefix + name, pointer + escaped(name), detail));
  }

  /** The members of an object; none when it is left out or no object. */
  Members object(String name) {
    Map<String, ?> inner = Map.of();
    if (has(name) && take(name) instanceof Map<?, ?> map) {
      inner = named(map);
    } else if (has(name)) {
      broken(name, "An object is expected.");
    }
    return new Members(inner, rulePrefix + name + '.', pointer + escaped(name), violations);
  }

  @SuppressWarnings("unchecked") // The keys of documents are texts.
  private static Map<String, ?> named(Map<?, ?> map) {
    return (Map<String, ?>) map;
  }

  String text(String name, int lengthMax) {
    if (!has(name)) {
      return "";
    }
    if (take(name) instanceof String text && text.length() <= lengthMax && wellFormed(text)) {
      return text;
    }
    broken(name, "A text of at most " + lengthMax + " characters is expected.");
    return "";
  }

  /** Whether the text has no half of a surrogate pair, which no UTF-8 can say. */
  private static boolean wellFormed(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  Duration duration(String name, Duration min, Duration standard) {
    if (!has(name)) {
      return standard;
    }
    Duration duration = take(name) instanceof String text ? parsed(text) : null;
    if (duration == null) {
      broken(name, DURATION_EXPECTED);
    } else if (duration.compareTo(min) < 0) {
      broken(name, "At least " + DurationText.format(min) + " is expected.");
    } else {
      return duration;
    }
    return standard;
  }

  private static @Nullable Duration parsed(String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return null;
    }
  }

  /** A whole number; a number with a fraction is none, even if the fraction is zero. */
  long number(String name, long min, long max, long standard) {
    if (!has(name)) {
      return standard;
    }
    Object number = take(name);
    if (number instanceof Integer || number instanceof Long) {
      long exact = ((Number) number).longValue();
      if (exact >= min && exact <= max) {
        return exact;
      }
    }
    broken(name, "A whole number from " + min + " to " + max + " is expected.");
    return standard;
  }

  <T> T word(String name, T[] words, Function<T, String> text, T standard) {
    if (!has(name)) {
      return standard;
    }
    Object word = take(name);
    for (T candidate : words) {
      if (text.apply(candidate).equals(word)) {
        return candidate;
      }
    }
    broken(
        name,
        "One of these is expected: "
            + String.join(", ", Arrays.stream(words).map(text).toList())
            + '.');
    return standard;
  }

  /** Whether the word is {@code required} and not {@code optional}. */
  boolean required(String name, boolean standard) {
    return word(name, new Boolean[] {false, true}, is -> is ? "required" : "optional", standard);
  }

  /** Distinct texts that all pass. */
  Set<String> texts(
      String name, int max, Predicate<String> passes, String expected, Set<String> standard) {
    if (!has(name)) {
      return standard;
    }
    if (!(take(name) instanceof List<?> list) || list.size() > max) {
      broken(name, "An array of at most " + max + " texts is expected.");
      return standard;
    }
    Set<String> texts = new LinkedHashSet<>();
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof String text) || !passes.test(text)) {
        violations.add(
            new Violation(rulePrefix + name, at(name, i), "Expected: " + expected + '.'));
      } else if (!texts.add(text)) {
        violations.add(new Violation(rulePrefix + name, at(name, i), "It is named twice."));
      }
    }
    return Set.copyOf(texts);
  }

  private String at(String name, int index) {
    return pointer + escaped(name) + '/' + index;
  }

  /** Notes every member that was not asked for. */
  void refuseOthers() {
    for (String name : tree.keySet()) {
      if (!known.contains(name)) {
        violations.add(
            new Violation(
                "unknown-member", pointer + escaped(name), "A contract has no such member."));
      }
    }
  }

  private static String escaped(String name) {
    return '/' + name.replace("~", "~0").replace("/", "~1");
  }
}
