package io.mayfly.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent again, what is not, and what is told when nothing helps. */
final class ClientTest {
  private static final Request PUT = Request.of("PUT", Target.entry("demo", "k"));
  private static final Duration AMPLE = Duration.ofSeconds(20);

  private final ScriptedServer server = new ScriptedServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void refusedForNow_answeredLater_isSentAgainUnderTheSameKey() {
    server.then(503, ScriptedServer.problem(503, "draining"));
    server.then(429, ScriptedServer.problem(429, "key-overloaded"));
    server.then(200, "1");

    Answer answer = server.client(AMPLE).send(PUT.idempotent("key-1"));

    assertThat(answer.text()).isEqualTo("1");
    assertThat(server.seen()).hasSize(3).allMatch(seen -> seen.key().equals("\"key-1\""));
  }

  @Test
  void retryAfter_asked_isWaitedFor() {
    server.then(503, "{\"type\":\"urn:mayfly:problem:draining\",\"retryAfterMs\":300}");
    server.then(200, "1");
    long startNanos = System.nanoTime();

    server.client(AMPLE).send(PUT);

    assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void retryAfter_beyondTheTimeout_isNotWaitedFor() {
    server.then(
        503, "{\"type\":\"urn:mayfly:problem:draining\",\"status\":503,\"retryAfterMs\":60000}");

    Failure failure = failure(PUT, Duration.ofSeconds(5));

    assertThat(failure.code()).isEqualTo(ExitCode.BUSY);
    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void unknownOutcome_withoutKey_isNotSentAgain() {
    server.then(504, ScriptedServer.problem(504, "outcome-unknown")).then(200, "1");

    Failure failure = failure(PUT, AMPLE);

    assertThat(failure.code()).isEqualTo(ExitCode.UNKNOWN);
    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void unknownOutcome_withKey_isSentAgain() {
    server.then(504, ScriptedServer.problem(504, "outcome-unknown")).then(200, "1");

    Answer answer = server.client(AMPLE).send(PUT.idempotent("key-1"));

    assertThat(answer.text()).isEqualTo("1");
  }

  @Test
  void answerCut_repeatableOrNot_isSentAgainOnlyThen() {
    server.thenCut("{\"half\":").then(200, "1").thenCut("");

    Answer answer = server.client(AMPLE).send(PUT.idempotent("key-1"));
    Failure failure = failure(PUT, AMPLE);

    assertThat(answer.text()).isEqualTo("1");
    assertThat(failure.code()).isEqualTo(ExitCode.UNKNOWN);
    assertThat(failure.advice()).contains("read before you repeat");
  }

  @Test
  void refusal_told_saysWhyAndWhatToDo() {
    server.then(
        410,
        "{\"type\":\"urn:mayfly:problem:key-ended\",\"title\":\"The key has ended\",\"status\":410,"
            + "\"detail\":\"It expired.\",\"namespace\":\"demo\",\"key\":\"a b\"}");

    Failure failure = failure(PUT, AMPLE);

    assertThat(failure.text()).isEqualTo("The key has ended (410 key-ended)\n  It expired.");
    assertThat(failure.advice()).contains("./mayfly history demo 'a b'");
    assertThat(failure.code()).isEqualTo(ExitCode.ABSENT);
  }

  @Test
  void answerOfAnotherServer_told_isNamedAsSuch() {
    server.then(404, "<html>nginx</html>");

    Failure failure = failure(PUT, AMPLE);

    assertThat(failure.text()).contains("none of Mayfly's").contains("nginx");
    assertThat(failure.advice()).contains("--server");
  }

  @Test
  void noServer_whenNoAttemptIsLeft_saysWhichAndHowToStartOne() {
    server.close();
    Backoff longer = new Backoff(Duration.ofDays(1), Duration.ofDays(1), new SplittableRandom(1));
    Client once = new Client(Address.of(server.url(), null, AMPLE), longer, sentence -> {});

    Failure failure = catchThrowableOfType(Failure.class, () -> once.send(PUT));

    assertThat(failure.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(failure.text()).contains(server.url()).contains("connection refused");
    assertThat(failure.advice()).contains("./mayfly server --port").contains("MAYFLY_URL");
  }

  private Failure failure(Request request, Duration timeout) {
    return catchThrowableOfType(Failure.class, () -> server.client(timeout).send(request));
  }
}
