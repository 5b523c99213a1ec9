package io.mayfly.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of metrics in the documentation. */
final class DocumentedMetrics {
  private static final Path PAGE = Path.of("..", "docs", "OBSERVABILITY.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z_]+)` \\| (counter|gauge|histogram) \\| ([^|]*) \\| ([^|]*) \\|");
  private static final Pattern NAME =
      Pattern.compile("\\b(?:mayfly|jvm|process|host)_[a-z_]*[a-z]\\b");

  private DocumentedMetrics() {}

  /** The type of each metric. */
  static Map<String, String> types() {
    Map<String, String> types = new TreeMap<>();
    rows().forEach((name, row) -> types.put(name, row.group(2)));
    return types;
  }

  /** What each metric is. */
  static Map<String, String> help() {
    Map<String, String> help = new TreeMap<>();
    rows().forEach((name, row) -> help.put(name, row.group(4).strip()));
    return help;
  }

  private static Map<String, Matcher> rows() {
    Map<String, Matcher> rows = new TreeMap<>();
    for (String line : read(PAGE).split("\n", -1)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), row);
      }
    }
    return rows;
  }

  /** The metrics that a text names, without what tells the series of a histogram apart. */
  static Set<String> namedIn(String text) {
    Set<String> known = types().keySet();
    Set<String> names = new TreeSet<>();
    Matcher name = NAME.matcher(text);
    while (name.find()) {
      String plain = name.group().replaceFirst("_(bucket|count|sum)$", "");
      names.add(known.contains(name.group()) ? name.group() : plain);
    }
    return names;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
