package io.mayfly.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /metrics} showed at a time.
 *
 * @param types the type of each metric
 * @param help the help of each metric
 * @param sums the sum over all samples of each metric; of a histogram, how many values it has
 */
record Scrape(Map<String, String> types, Map<String, String> help, Map<String, Double> sums) {
  private static final Pattern COMMENT = Pattern.compile("# (TYPE|HELP) (\\S+) (.+)");
  private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(\\{.*})? (\\S+)");

  static Scrape of(TestNode node) {
    return of(node.get("/metrics").text());
  }

  static Scrape of(String text) {
    Scrape scrape = new Scrape(new TreeMap<>(), new TreeMap<>(), new HashMap<>());
    text.lines().forEach(scrape::take);
    return scrape;
  }

  private void take(String line) {
    Matcher comment = COMMENT.matcher(line);
    if (comment.matches()) {
      Map<String, String> map = comment.group(1).equals("TYPE") ? types : help;
      map.put(comment.group(2), comment.group(3));
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (sample.matches()) {
      sums.merge(sample.group(1), Double.parseDouble(sample.group(3)), Double::sum);
    }
  }

  Set<String> names() {
    return types.keySet();
  }

  /** How much there is of a metric. */
  double of(String metric, String type) {
    return sums.getOrDefault(type.equals("histogram") ? metric + "_count" : metric, 0.0);
  }
}
