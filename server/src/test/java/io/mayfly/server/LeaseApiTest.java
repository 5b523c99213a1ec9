package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks and semaphores over HTTP, on the real server. */
final class LeaseApiTest {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of("lifetime.tombstone", "1s", "lifetime.max", "1h"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String path(String name) {
    return "/v1/leases/locks/" + name;
  }

  private static Answer acquire(String name, String body, String... headers) {
    return node.post(path(name) + "/acquire", body, headers);
  }

  private static String held(String holder, String ttl) {
    return "{\"holder\":\"" + holder + "\",\"ttl\":\"" + ttl + "\"}";
  }

  private static String waiting(String holder, String ttl, String wait) {
    return "{\"holder\":\"" + holder + "\",\"ttl\":\"" + ttl + "\",\"wait\":\"" + wait + "\"}";
  }

  private static Answer release(String name, Answer lease, String... headers) {
    return node.post(path(name) + "/release", lease(lease, ""), headers);
  }

  private static Answer renew(String name, Answer lease, String ttl, String... headers) {
    return node.post(path(name) + "/renew", lease(lease, ",\"ttl\":\"" + ttl + "\""), headers);
  }

  private static String lease(Answer lease, String more) {
    return "{\"leaseId\":\"" + lease.json().path("leaseId").asText() + "\"" + more + "}";
  }

  private static CompletableFuture<Answer> later(String name, String body, String... headers) {
    return CompletableFuture.supplyAsync(
        () -> acquire(name, body, headers), task -> new Thread(task).start());
  }

  private static void awaitWaiting(String name, int count) {
    Await.until(count + " wait for " + name, () -> node.get(path(name)).number("waiting") == count);
  }

  @Test
  void history_tellsWhatHappened_newestLast() {
    node.get(path("story") + "/history").isProblem(404, "unknown-lease");
    Answer lease = acquire("story", held("a", "10s"), "Mayfly-Producer", "svc").is(200);
    renew("story", lease, "20s").is(200);
    release("story", lease).is(204);
    acquire("story", held("b", "20ms")).is(200);
    Await.until("b's lease has ended", () -> node.get(path("story")).number("available") == 1);

    Answer story = node.get(path("story") + "/history").is(200);

    assertThat(story.each("events", "event"))
        .containsExactly("acquired", "renewed", "released", "acquired", "expired");
    assertThat(story.each("events", "holder")).containsExactly("a", "a", "a", "b", "b");
    assertThat(story.json().path("events").path(0).path("producer").asText()).isEqualTo("svc");
    assertThat(story.text()).doesNotContain(lease.json().path("leaseId").asText());
    assertThat(node.get(path("story") + "/history?limit=2").each("events", "event"))
        .containsExactly("acquired", "expired");
    node.get(path("story") + "/history?limit=0").isProblem(400, "invalid-parameter");
  }

  @Test
  void history_isBoundedByTheContract() {
    for (int i = 0; i < 40; i++) {
      release("busy", acquire("busy", held("h" + i, "10s")).is(200)).is(204);
    }

    assertThat(node.get(path("busy") + "/history").each("events", "holder"))
        .hasSize(32)
        .endsWith("h39", "h39");
  }

  @Test
  void firstAcquire_createsALock() {
    Answer lease = acquire("first", held("worker-7", "10s")).is(200);

    assertThat(lease.json().path("leaseId").asText()).matches("[A-Za-z0-9._-]{20,64}");
    assertThat(lease.json().path("holder").asText()).isEqualTo("worker-7");
    assertThat(lease.number("permits")).isEqualTo(1);
    assertThat(lease.number("capacity")).isEqualTo(1);
    assertThat(lease.number("token")).isBetween(1L, 1L << 53);
    assertThat(lease.instant("expiresAt")).isAfter(Instant.EPOCH);
    Answer shown = node.get(path("first")).is(200);
    assertThat(shown.number("available")).isZero();
    assertThat(shown.each("holders", "holder")).containsExactly("worker-7");
    assertThat(shown.number("highestToken")).isEqualTo(lease.number("token"));
    assertThat(shown.text()).doesNotContain(lease.json().path("leaseId").asText());
  }

  @Test
  void held_isRefusedWithItsHolders() {
    Answer lease = acquire("held", held("one", "10s")).is(200);

    Answer refused = acquire("held", held("two", "10s")).isProblem(409, "lease-held");

    assertThat(refused.each("holders", "holder")).containsExactly("one");
    assertThat(refused.json().path("holders").path(0).path("permits").asInt()).isEqualTo(1);
    assertThat(refused.json().path("holders").path(0).path("expiresAt").asText())
        .isEqualTo(lease.json().path("expiresAt").asText());
    assertThat(refused.json().path("holders").path(0).has("token")).isFalse();
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(9, 10);
  }

  @Test
  void sameHolder_acquiresOnceMore() {
    node.put(path("twice"), "{\"capacity\":2}").is(201);

    Answer first = acquire("twice", held("me", "10s")).is(200);
    Answer second = acquire("twice", held("me", "10s")).is(200);

    assertThat(second.number("token")).isGreaterThan(first.number("token"));
    assertThat(node.get(path("twice")).number("available")).isZero();
  }

  @Test
  void release_givesTheNextOneItsTurn() {
    Answer lease = acquire("turn", held("one", "10s")).is(200);
    CompletableFuture<Answer> next = later("turn", waiting("two", "10s", "10s"));
    awaitWaiting("turn", 1);

    release("turn", lease).is(204);

    Answer granted = next.join().is(200);
    assertThat(granted.number("token")).isGreaterThan(lease.number("token"));
    release("turn", lease).is(204);
    release("turn", granted).is(204);
  }

  @Test
  void expiry_wakesTheNextWithin50Milliseconds() {
    acquire("expiry", held("warm", "50ms")).is(200);
    acquire("expiry", waiting("warm", "50ms", "5s")).is(200);
    Answer lease = acquire("expiry", waiting("one", "400ms", "5s")).is(200);

    Answer next = acquire("expiry", waiting("two", "1s", "5s")).is(200);

    long lateMillis =
        Duration.between(lease.instant("expiresAt"), next.instant("expiresAt"))
            .minusSeconds(1)
            .toMillis();
    assertThat(lateMillis).isBetween(0L, 50L);
    renew("expiry", lease, "1s").isProblem(410, "lease-lost");
    release("expiry", lease).isProblem(410, "lease-lost");
  }

  @Test
  void patience_endsWithARefusal() {
    acquire("patience", held("one", "30s")).is(200);

    acquire("patience", waiting("two", "1s", "200ms")).isProblem(409, "lease-held");

    assertThat(node.get(path("patience")).number("waiting")).isZero();
  }

  @Test
  void waiterForMany_isNotOvertaken() {
    node.put(path("many"), "{\"capacity\":3}").is(201);
    Answer one = acquire("many", held("one", "20s")).is(200);
    CompletableFuture<Answer> many =
        later("many", "{\"holder\":\"many\",\"permits\":3,\"ttl\":\"300ms\",\"wait\":\"10s\"}");
    awaitWaiting("many", 1);
    assertThat(node.get(path("many")).number("available")).isEqualTo(2);

    acquire("many", held("hasty", "1s")).isProblem(409, "lease-held");
    CompletableFuture<Answer> behind = later("many", waiting("behind", "1s", "10s"));
    awaitWaiting("many", 2);
    release("many", one).is(204);

    Answer first = many.join().is(200);
    assertThat(behind.join().is(200).number("token")).isGreaterThan(first.number("token"));
  }

  @Test
  void renewal_keepsTokenAndMovesTheDeadline() {
    Answer lease = acquire("renewed", held("one", "5s")).is(200);

    Answer renewed = renew("renewed", lease, "20s").is(200);

    assertThat(renewed.number("token")).isEqualTo(lease.number("token"));
    assertThat(renewed.instant("expiresAt"))
        .isAfterOrEqualTo(lease.instant("expiresAt").plusSeconds(15));
  }

  @Test
  void cooldown_followsReleaseAndExpiryAlike() {
    node.put(path("cool"), "{\"capacity\":1,\"cooldown\":\"300ms\"}").is(201);
    Answer lease = acquire("cool", held("one", "10s")).is(200);
    release("cool", lease).is(204);
    acquire("cool", held("two", "1s")).isProblem(409, "lease-held");

    Answer next = acquire("cool", waiting("two", "100ms", "5s")).is(200);
    Answer last = acquire("cool", waiting("three", "1s", "5s")).is(200);

    Duration rested =
        Duration.between(next.instant("expiresAt"), last.instant("expiresAt")).minusSeconds(1);
    assertThat(rested).isBetween(Duration.ofMillis(300), Duration.ofMillis(350));
  }

  @Test
  void shrinking_letsHoldersBe_andGrowingServesTheQueue() {
    node.put(path("size"), "{\"capacity\":2}").is(201);
    Answer one = acquire("size", held("one", "20s")).is(200);
    acquire("size", held("two", "20s")).is(200);

    Answer shrunk = node.put(path("size"), "{\"capacity\":1}").is(200);
    assertThat(shrunk.each("holders", "holder")).containsExactly("one", "two");
    assertThat(shrunk.number("available")).isZero();
    release("size", one).is(204);
    acquire("size", held("three", "1s")).isProblem(409, "lease-held");
    CompletableFuture<Answer> next = later("size", waiting("three", "1s", "10s"));
    awaitWaiting("size", 1);
    node.put(path("size"), "{\"capacity\":2}").is(200);

    next.join().is(200);
  }

  @ParameterizedTest(name = "{0} -> {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"ttl":"10s"}                                 | 400 | malformed-body
          {"holder":"","ttl":"10s"}                     | 400 | malformed-body
          {"holder":7,"ttl":"10s"}                      | 400 | malformed-body
          {"holder":"a"}                                | 400 | malformed-body
          {"holder":"a","ttl":10}                       | 400 | malformed-body
          {"holder":"a","ttl":"-5s"}                    | 400 | malformed-body
          {"holder":"a","ttl":"10s","permits":0}        | 400 | malformed-body
          {"holder":"a","ttl":"10s","permits":-1}       | 400 | malformed-body
          {"holder":"a","ttl":"10s","permits":1.5}      | 400 | malformed-body
          {"holder":"a","ttl":"10s","permits":"1"}      | 400 | malformed-body
          {"holder":"a","ttl":"10s","wait":"soon"}      | 400 | malformed-body
          {"holder":"a","ttl":"10s","color":"red"}      | 400 | malformed-body
          {"holder":"\\ud800","ttl":"10s"}              | 400 | unrepresentable
          []                                            | 400 | malformed-body
          {"holder":"a","ttl":"10s","permits":2}        | 422 | contract-violation
          {"holder":"a","ttl":"10s","permits":99999999999999999999} | 422 | contract-violation
          {"holder":"a","ttl":"1ms"}                    | 422 | contract-violation
          {"holder":"a","ttl":"2h"}                     | 422 | contract-violation
          {"holder":"a","ttl":"10s","wait":"61s"}       | 422 | contract-violation
          """)
  void acquire_thatIsWrong_isRefused(String body, int status, String problem) {
    acquire("wrong", body).isProblem(status, problem);

    node.get(path("wrong")).isProblem(404, "unknown-lease");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"capacity":0}                | 400
          {"capacity":1000001}          | 400
          {"capacity":"five"}           | 400
          {"cooldown":"x"}              | 400
          {"cooldown":"2h"}             | 422
          """)
  void definition_thatIsWrong_isRefused(String body, int status) {
    node.put(path("undefined"), body).is(status);

    node.get(path("undefined")).isProblem(404, "unknown-lease");
  }

  @ParameterizedTest
  @CsvSource({"renew", "release"})
  void unknownLeaseId_isLost(String action) {
    node.post(path("nobody") + '/' + action, "{\"leaseId\":\"abc.def\",\"ttl\":\"1s\"}")
        .is(action.equals("renew") ? 410 : 400);
    node.post(path("nobody") + "/release", "{\"leaseId\":\"abc.def\"}")
        .isProblem(410, "lease-lost");
    node.post(path("nobody") + "/release", "{\"leaseId\":\"/ \"}").isProblem(410, "lease-lost");
    node.post(path("nobody") + "/release", "{}").isProblem(400, "malformed-body");
  }

  @Test
  void retry_getsTheSameAnswerAndNoSecondLease() {
    node.put(path("retry"), "{\"capacity\":5}").is(201);

    Answer first = acquire("retry", held("one", "10s"), "Idempotency-Key", "k-1").is(200);
    Answer again = acquire("retry", held("one", "10s"), "Idempotency-Key", "\"k-1\"").is(200);

    assertThat(again.bytes()).isEqualTo(first.bytes());
    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(node.get(path("retry")).number("available")).isEqualTo(4);
    acquire("retry", held("two", "10s"), "Idempotency-Key", "k-1")
        .isProblem(422, "idempotency-mismatch");
    release("retry", first, "Idempotency-Key", "k-1").isProblem(422, "idempotency-mismatch");
    Answer renewed = renew("retry", first, "30s", "Idempotency-Key", "k-2").is(200);
    assertThat(renew("retry", first, "30s", "Idempotency-Key", "k-2").is(200).bytes())
        .isEqualTo(renewed.bytes());
    release("retry", first, "Idempotency-Key", "k-3").is(204);
    assertThat(
            release("retry", first, "Idempotency-Key", "k-3")
                .is(204)
                .header("Idempotency-Replayed"))
        .isEqualTo("true");
    acquire("retry", held("a", "1s"), "Idempotency-Key", "").isProblem(400, "invalid-parameter");
  }

  @Test
  void retry_whileTheFirstWaits_isInProgress() {
    Answer lease = acquire("progress", held("one", "20s")).is(200);
    CompletableFuture<Answer> first =
        later("progress", waiting("two", "5s", "10s"), "Idempotency-Key", "the-same");
    awaitWaiting("progress", 1);

    acquire("progress", waiting("two", "5s", "10s"), "Idempotency-Key", "the-same")
        .isProblem(409, "idempotency-in-progress");
    acquire("progress", waiting("two", "6s", "10s"), "Idempotency-Key", "the-same")
        .isProblem(422, "idempotency-mismatch");
    release("progress", lease).is(204);

    Answer granted = first.join().is(200);
    assertThat(
            acquire("progress", waiting("two", "5s", "10s"), "Idempotency-Key", "the-same")
                .is(200)
                .bytes())
        .isEqualTo(granted.bytes());
  }

  @Test
  void retries_atOnce_giveOneLease() {
    node.put(path("burst"), "{\"capacity\":64}").is(201);

    List<CompletableFuture<Answer>> answers =
        IntStream.range(0, 64)
            .mapToObj(i -> later("burst", held("one", "10s"), "Idempotency-Key", "burst"))
            .toList();

    for (CompletableFuture<Answer> answer : answers) {
      if (answer.join().status() != 200) {
        answer.join().isProblem(409, "idempotency-in-progress");
      }
    }
    assertThat(node.get(path("burst")).number("available")).isEqualTo(63);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%7C", "lease%7Ca%2Fb", "%2F", "%25", "%C3%A4"})
  void name_ofAnyCharacters_isLeased(String name) {
    Answer lease = acquire(name, held("one", "10s")).is(200);

    acquire(name, held("two", "10s")).isProblem(409, "lease-held");
    release(name, lease).is(204);
  }

  @Test
  void disuse_purgesALock_andTokensGrowOn() {
    Answer lease = acquire("disused", held("one", "100ms")).is(200);

    Await.until("the lock is purged", () -> node.get(path("disused")).status() == 404);
    Answer next = acquire("disused", held("one", "1s")).is(200);

    assertThat(next.number("token")).isGreaterThan(lease.number("token"));
  }

  @Test
  void lists_showNoLeases() {
    acquire("unlisted", held("one", "10s")).is(200);

    assertThat(node.get("/v1/state/locks").is(200).each("entries", "key")).isEmpty();
    node.get("/v1/state/locks/unlisted").isProblem(404, "unknown-key");
  }

  @Test
  void clientThatGoesAway_leavesTheQueueWithin100Milliseconds() throws IOException {
    acquire("gone", held("one", "30s")).is(200);
    for (boolean reset : List.of(false, true)) {
      Socket socket = new Socket(node.uri().getHost(), node.uri().getPort());
      String body = waiting("two", "5s", "30s");
      String request =
          "POST "
              + path("gone")
              + "/acquire HTTP/1.1\r\nHost: x\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      awaitWaiting("gone", 1);
      if (reset) {
        socket.setSoLinger(true, 0);
      }

      long closedNanos = System.nanoTime();
      socket.close();
      awaitWaiting("gone", 0);

      assertThat(Duration.ofNanos(System.nanoTime() - closedNanos))
          .isLessThan(Duration.ofMillis(100));
    }
  }

  @Test
  void waiterWhoseConnectionCloses_isAnsweredAllTheSame() throws IOException {
    Answer lease = acquire("closing", held("one", "30s")).is(200);
    try (Socket socket = new Socket(node.uri().getHost(), node.uri().getPort())) {
      String body = waiting("two", "10s", "20s");
      String head =
          "POST "
              + path("closing")
              + "/acquire HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n";
      // The body comes apart from the head, since the server has to ask for it.
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 100");
      socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
      awaitWaiting("closing", 1);
      release("closing", lease).is(204);

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(answer).contains("HTTP/1.1 200", "\"holder\":\"two\"");
    }
  }

  @Test
  void manyWaiters_areServedInTheOrderOfTheirArrival() {
    Answer lease = acquire("order", held("first", "30s")).is(200);
    List<CompletableFuture<Answer>> waiters = new java.util.ArrayList<>();
    for (int i = 0; i < 40; i++) {
      waiters.add(later("order", waiting("w" + i, "30ms", "20s")));
      awaitWaiting("order", i + 1);
    }

    release("order", lease).is(204);

    List<Long> tokens = waiters.stream().map(w -> w.join().is(200).number("token")).toList();
    assertThat(tokens).isSorted().doesNotHaveDuplicates();
  }
}
