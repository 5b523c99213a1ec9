package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Await;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contract with sliding renewal: every mutation and every read of the entry renews. */
final class SlidingTest {
  private static final InstantSource CLOCK = InstantSource.system();

  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node =
        TestNode.start(
            data,
            Map.of(
                "lifetime.renewal", "sliding",
                "lifetime.default", "10s",
                "lifetime.max", "60s",
                "lifetime.total", "65s"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void readOfTheEntry_renewsWithoutANewRevision() {
    String path = "/v1/state/demo/read";
    Answer created = node.put(path, "1").is(201);
    Instant first = created.instant("expiresAt");
    assertThat(first).isEqualTo(created.instant("createdAt").plusSeconds(10));

    pass(created.instant("createdAt"));
    Answer read = node.get(path).is(200);
    pass(instant(read).minusSeconds(10));
    Answer head = node.head(path).is(200);
    pass(instant(head).minusSeconds(10));
    Answer unchanged = node.get(path, "If-None-Match", created.header("ETag")).is(304);

    assertThat(instant(read)).isAfter(first);
    assertThat(instant(head)).isAfter(instant(read));
    assertThat(instant(unchanged)).isAfter(instant(head));
    assertThat(unchanged.header("ETag")).isEqualTo(created.header("ETag"));
    assertThat(node.get(path + "/history").each("events", "event")).containsExactly("created");
  }

  @Test
  void mutation_renewsByTheLastTtlThatWasGiven() {
    String path = "/v1/state/demo/mutation";
    node.put(path + "?ttl=20s", "{\"n\":1}").is(201);

    Answer replaced = node.put(path, "{\"n\":2}").is(200);
    Answer patched = node.merge(path, "{\"n\":3}").is(200);
    Answer shorter = node.merge(path + "?ttl=5s", "{\"n\":4}").is(200);
    Answer kept = node.put(path, "{\"n\":5}").is(200);

    assertThat(replaced.instant("expiresAt"))
        .isEqualTo(replaced.instant("updatedAt").plusSeconds(20));
    assertThat(patched.instant("expiresAt"))
        .isEqualTo(patched.instant("updatedAt").plusSeconds(20));
    assertThat(shorter.instant("expiresAt")).isEqualTo(shorter.instant("updatedAt").plusSeconds(5));
    assertThat(kept.instant("expiresAt")).isEqualTo(kept.instant("updatedAt").plusSeconds(5));
  }

  @Test
  void listAndHistory_renewNothing() {
    String path = "/v1/state/quiet/key";
    Answer created = node.put(path, "1").is(201);
    pass(created.instant("createdAt"));

    node.get(path + "/history").is(200);
    node.get("/v1/state/quiet").is(200);
    Answer list = node.get("/v1/state/quiet?view=entries").is(200);

    assertThat(list.each("entries", "expiresAt"))
        .containsExactly(created.json().path("expiresAt").asText());
  }

  @Test
  void renewal_isCutAtTheTotalLife() {
    String path = "/v1/state/demo/total";
    Answer created = node.put(path + "?ttl=60s", "1").is(201);
    Instant last = created.instant("createdAt").plusSeconds(65);

    Await.until("a renewal", () -> instant(node.get(path)).isAfter(created.instant("expiresAt")));

    assertThat(instant(node.get(path))).isBeforeOrEqualTo(last);
  }

  @Test
  void unreadEntry_expires() {
    String path = "/v1/state/demo/unread";
    Instant deadline = node.put(path + "?ttl=200ms", "1").is(201).instant("expiresAt");

    Await.until("the deadline", () -> CLOCK.instant().isAfter(deadline.plusMillis(20)));

    node.get(path).isProblem(410, "key-ended");
  }

  private static Instant instant(Answer answer) {
    return Instant.parse(answer.header("Mayfly-Expires-At"));
  }

  private static void pass(Instant instant) {
    Await.until("a later time", () -> CLOCK.instant().isAfter(instant.plusMillis(30)));
  }
}
