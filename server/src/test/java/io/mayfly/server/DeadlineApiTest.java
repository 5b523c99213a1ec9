package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Await;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines over HTTP: how they are asked for, refused and kept, and what remains after them. */
final class DeadlineApiTest {
  private static final InstantSource CLOCK = InstantSource.system();

  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of("lifetime.tombstone", "1s", "lifetime.total", "7d"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "250ms, 250",
    "30s, 30000",
    "5m, 300000",
    "2h, 7200000",
    "7d, 604800000",
    "PT30S, 30000",
    "PT0.5S, 500",
  })
  void ttl_isCountedFromTheCreation(String ttl, long millis) {
    Answer created = node.put("/v1/state/demo/ttl-" + ttl + "?ttl=" + ttl, "1").is(201);

    assertThat(created.instant("expiresAt"))
        .isEqualTo(created.instant("createdAt").plusMillis(millis));
  }

  @ParameterizedTest(name = "ttl={0}")
  @ValueSource(
      strings = {"-5s", "1.5s", "1h30m", "30", "", "s", "30S", "5%20s", "1w", "abc", "-PT5S", "P"})
  void malformedTtl_isRefused(String ttl) {
    node.put("/v1/state/demo/bad-ttl?ttl=" + ttl, "1").isProblem(400, "invalid-parameter");
    node.touch("/v1/state/demo/bad-ttl/touch?ttl=" + ttl).isProblem(400, "invalid-parameter");
    node.get("/v1/state/demo/bad-ttl").isProblem(404, "unknown-key");
  }

  @Test
  void expiresAt_isTheDeadline() {
    Instant deadline = now().plusSeconds(60);

    Answer created = node.put("/v1/state/demo/at?expires-at=" + deadline, "1").is(201);

    assertThat(created.instant("expiresAt")).isEqualTo(deadline);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "expires-at=tomorrow",
        "expires-at=2030-13-01T00:00:00Z",
        "expires-at=",
        "not-before=soon",
        "not-before=",
        "ttl=30s&expires-at=2126-01-01T00:00:00.000Z",
      })
  void malformedInstant_isRefused(String query) {
    node.put("/v1/state/demo/bad-at?" + query, "1").isProblem(400, "invalid-parameter");
  }

  @Test
  void deadlineOutsideTheBounds_isRefusedByTheNameOfTheRule() {
    String path = "/v1/state/demo/bounds";

    node.put(path + "?ttl=8d", "1").violates("lifetime.max", "lifetime.total");
    node.put(path + "?ttl=9ms", "1").violates("lifetime.min");
    node.put(path + "?ttl=0s", "1").isProblem(422, "contract-violation");
    node.put(path + "?expires-at=2020-01-01T00:00:00.000Z", "1")
        .isProblem(422, "contract-violation");
    node.put(path + "?not-before=" + now().plus(8, ChronoUnit.DAYS), "1").violates("lifetime.max");
    node.post(path + "/increment", "{\"by\":1,\"ttl\":\"8d\"}")
        .violates("lifetime.max", "lifetime.total");
    node.get(path).isProblem(404, "unknown-key");
    node.put(path + "?ttl=30s", "1").is(201);
    node.touch(path + "/touch?ttl=8d").isProblem(422, "contract-violation");
    node.merge(path + "?ttl=1ms", "2").isProblem(422, "contract-violation");
    assertThat(node.get(path).is(200).text()).isEqualTo("1");
  }

  @Test
  void renewalBeyondTheTotalLife_isRefused() {
    String path = "/v1/state/demo/total";
    Instant created = node.put(path + "?ttl=30s", "1").is(201).instant("createdAt");
    Await.until("the next millisecond", () -> CLOCK.instant().isAfter(created.plusMillis(5)));

    node.touch(path + "/touch?ttl=7d").violates("lifetime.total");
  }

  @Test
  void patchWithTtl_renews() {
    String path = "/v1/state/demo/patch-ttl";
    Answer created = node.put(path + "?ttl=30s", "{\"a\":1}").is(201);

    Answer kept = node.merge(path, "{\"a\":2}").is(200);
    Answer renewed = node.merge(path + "?ttl=90s", "{\"a\":2}").is(200);

    assertThat(kept.instant("expiresAt")).isEqualTo(created.instant("expiresAt"));
    assertThat(renewed.number("revision")).isEqualTo(3);
    assertThat(renewed.instant("expiresAt"))
        .isEqualTo(renewed.instant("updatedAt").plusSeconds(90));
  }

  @Test
  void notYetValid_refusesAllButPutAndDelete() {
    String path = "/v1/state/demo/later";
    Instant start = now().plusSeconds(100);

    Answer created = node.put(path + "?ttl=30s&not-before=" + start, "{\"n\":1}").is(201);

    assertThat(created.instant("expiresAt")).isEqualTo(start.plusSeconds(30));
    Answer[] refusals = {
      node.get(path),
      node.get(path + "?view=entry"),
      node.merge(path, "{}"),
      node.jsonPatch(path, "[]"),
      node.touch(path + "/touch"),
      node.post(path + "/increment", "{\"by\":1}"),
      node.post(path + "/rollback", "{\"toRevision\":1}"),
    };
    for (Answer refusal : refusals) {
      refusal.isProblem(409, "not-yet-valid");
      assertThat(Integer.parseInt(refusal.header("Retry-After"))).isBetween(60, 101);
      assertThat(refusal.json().path("retryable").asBoolean()).isTrue();
      assertThat(refusal.number("retryAfterMs")).isBetween(60_000L, 100_000L);
    }
    node.put(path + "?ttl=60s&not-before=" + start, "{\"n\":2}").is(200);
    node.get(path).isProblem(409, "not-yet-valid");
    node.delete(path).is(200);
    node.get(path).isProblem(410, "key-ended");
  }

  @Test
  void notBefore_passes() {
    String path = "/v1/state/demo/soon";
    Instant start = now().plusMillis(400);

    node.put(path + "?ttl=30s&not-before=" + start, "1").is(201);
    Await.until("the validity", () -> node.get(path).status() == 200);

    assertThat(CLOCK.instant()).isAfter(start.minusMillis(50));
    node.merge(path, "2").is(200);
  }

  @Test
  void atTheDeadline_noPathShowsTheValue() {
    String path = "/v1/state/expiring/value";
    Instant deadline = node.put(path + "?ttl=500ms", "{\"n\":1}").is(201).instant("expiresAt");

    Await.until("the deadline", () -> !CLOCK.instant().isBefore(deadline.plusMillis(20)));

    node.get(path).isProblem(410, "key-ended");
    node.get(path + "?view=entry").isProblem(410, "key-ended");
    node.head(path).is(410);
    assertThat(node.get(path + "?revision=1").status()).isIn(404, 410);
    node.merge(path, "{}").isProblem(410, "key-ended");
    node.touch(path + "/touch").isProblem(410, "key-ended");
    node.post(path + "/rollback", "{\"toRevision\":1}").isProblem(410, "key-ended");
    assertThat(node.get("/v1/state/expiring").is(200).json().path("entries")).isEmpty();
    assertThat(node.get("/v1/state/expiring?view=entries").json().path("entries")).isEmpty();
    assertThat(node.get("/v1/state/expiring?expiring-within=10m").json().path("entries")).isEmpty();
  }

  @Test
  void tombstone_isPurgedAndTheNextIncarnationIsStillGreater() {
    String path = "/v1/state/demo/purge";
    Answer created = node.put(path + "?ttl=100ms", "1").is(201);
    Await.until("the end", () -> node.get(path).status() == 410);

    Await.until("the purge", () -> node.get(path).status() == 404);

    node.get(path).isProblem(404, "unknown-key");
    node.get(path + "/history").isProblem(404, "unknown-key");
    node.delete(path).isProblem(404, "unknown-key");
    Answer again = node.put(path, "2").is(201);
    assertThat(again.number("incarnation")).isGreaterThan(created.number("incarnation"));
    assertThat(node.get(path + "/history").each("events", "event")).containsExactly("created");
  }

  private static Instant now() {
    return CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
