package io.mayfly.multinode.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.multinode.traffic.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the one author of a contract knows: what was acknowledged last, and the change whose answer
 * never came. A text is what one number makes of every member that it names.
 *
 * <p>Invariant: a version is never seen with two different texts.
 */
public final class ContractRecord {
  private static final long WITHDRAWN = 0;

  private final String namespace;
  private final Map<Long, Long> seen = new HashMap<>();
  private long version;
  private long number = WITHDRAWN;
  private OptionalLong inFlight = OptionalLong.empty();

  /** Nothing was written yet. */
  public ContractRecord(String namespace) {
    this.namespace = namespace;
  }

  /** Where the contract holds. */
  public String namespace() {
    return namespace;
  }

  /** The version of the contract in force, or 0 when there is none. */
  public synchronized long version() {
    return number == WITHDRAWN ? 0 : version;
  }

  /** The number whose text is in force; empty when no contract is. */
  public synchronized Optional<Long> number() {
    return number == WITHDRAWN ? Optional.empty() : Optional.of(number);
  }

  /** The longest time to live under the text of a number, in seconds. */
  public static long maxSeconds(long number) {
    return 60 + number % 500;
  }

  /** The text of a number. */
  public static String document(long number) {
    return "{\"owner\":\"o%d\",\"description\":\"%s\",\"lifetime\":{\"default\":\"30s\",\"max\":\"%ds\"},\"history\":{\"revisions\":%d}}"
        .formatted(number, description(number), maxSeconds(number), revisions(number));
  }

  private static String description(long number) {
    return "d".repeat((int) (number % 1_500)) + number;
  }

  private static long revisions(long number) {
    return 1 + number % 100;
  }

  /** A change goes out; without a number it is a withdrawal. */
  public synchronized void sending(OptionalLong text) {
    inFlight = OptionalLong.of(text.orElse(WITHDRAWN));
  }

  /** The change in flight is certain to have had no effect. */
  public synchronized void refused() {
    inFlight = OptionalLong.empty();
  }

  /** The withdrawal in flight was acknowledged. */
  public synchronized void withdrawn() {
    number = WITHDRAWN;
    inFlight = OptionalLong.empty();
  }

  /**
   * Takes what the server shows as the truth; fails when nothing that was sent explains it, and
   * when it is not the whole text of one number.
   */
  public synchronized void observed(Answer answer) {
    long found = answer.status() == 404 ? WITHDRAWN : whole(answer);
    long after = found == WITHDRAWN ? version : version(answer);
    boolean same = found == number && after == version;
    boolean changed =
        inFlight.isPresent()
            && inFlight.getAsLong() == found
            && after == (found == WITHDRAWN ? version : version + 1);
    if (!same && !changed) {
      throw new AssertionError(
          "%s: found %d of %d, acknowledged %d of %d, in flight %s"
              .formatted(namespace, after, found, version, number, inFlight));
    }
    if (found != WITHDRAWN) {
      assertThat(seen.merge(after, found, (first, again) -> first))
          .as(namespace + ": one version, two texts")
          .isEqualTo(found);
    }
    version = after;
    number = found;
    inFlight = OptionalLong.empty();
  }

  private static long version(Answer answer) {
    long shown = answer.json().path("version").asLong();
    assertThat(answer.etag()).contains("\"" + shown + '"');
    return shown;
  }

  private static long whole(Answer answer) {
    JsonNode shown = answer.json();
    long number = Long.parseLong(shown.path("owner").asText().substring(1));
    assertThat(shown.path("description").asText()).isEqualTo(description(number));
    assertThat(shown.at("/history/revisions").asLong()).isEqualTo(revisions(number));
    return number;
  }
}
