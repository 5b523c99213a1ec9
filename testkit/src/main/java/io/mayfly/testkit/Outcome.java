package io.mayfly.testkit;

import io.mayfly.actors.entry.EntryEvent;
import io.mayfly.testkit.check.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What came of one run.
 *
 * @param hash the same for the same plan, and for hardly any other
 * @param steps how many steps it took
 * @param virtual how much time went by in it
 * @param answers how often each kind of answer came, refusals by their reason
 * @param ends every terminal event, in the order of the store
 * @param histories what clients did to each entry that is written with numbers
 * @param violations the guarantees that did not hold
 * @param timeline what happened, line by line; empty unless it was asked for
 */
public record Outcome(
    long seed,
    long hash,
    long steps,
    Duration virtual,
    Map<String, Integer> answers,
    List<EntryEvent.Ended> ends,
    Map<String, List<Operation>> histories,
    List<String> violations,
    List<String> timeline) {
  /** Whether every guarantee held. */
  public boolean good() {
    return violations.isEmpty();
  }

  /** The longest time from a deadline to its stored end. */
  public Duration lateness() {
    return Duration.ofMillis(ends.stream().mapToLong(EntryEvent::lateMillis).max().orElse(0));
  }

  /** How many answers of this kind came. */
  public int answers(String kind) {
    return answers.getOrDefault(kind, 0);
  }
}
