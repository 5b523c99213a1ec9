package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contract with fixed deadlines: none moves after the creation. */
final class FixedRenewalTest {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = TestNode.start(data, Map.of("lifetime.renewal", "fixed"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void everyChangeOfTheDeadline_isRefused() {
    String path = "/v1/state/demo/fixed";
    Answer created = node.put(path + "?ttl=60s", "1").is(201);

    node.touch(path + "/touch").violates("lifetime.renewal");
    node.touch(path + "/touch?ttl=90s").violates("lifetime.renewal");
    node.put(path + "?ttl=90s", "2").violates("lifetime.renewal");
    node.put(path + "?expires-at=2126-01-01T00:00:00.000Z", "2")
        .isProblem(422, "contract-violation");
    node.merge(path + "?ttl=90s", "2").violates("lifetime.renewal");
    node.post(path + "/increment", "{\"by\":1,\"ttl\":\"90s\"}").violates("lifetime.renewal");

    assertThat(node.get(path + "?view=entry").json().get("etag"))
        .isEqualTo(created.json().get("etag"));
  }

  @Test
  void mutationWithoutADeadline_keepsIt() {
    String path = "/v1/state/demo/kept";
    Answer created = node.put(path + "?ttl=60s", "1").is(201);

    Answer[] answers = {
      node.put(path, "2"),
      node.merge(path, "3"),
      node.post(path + "/increment", "{\"by\":1}"),
      node.post(path + "/rollback", "{\"toRevision\":1}"),
    };

    for (Answer answer : answers) {
      answer.is(200);
      assertThat(answer.instant("expiresAt")).isEqualTo(created.instant("expiresAt"));
    }
    assertThat(node.get(path).is(200).text()).isEqualTo("1");
  }

  @Test
  void newIncarnation_hasADeadlineOfItsOwn() {
    String path = "/v1/state/demo/new";
    node.put(path + "?ttl=60s", "1").is(201);
    node.delete(path).is(200);

    Answer created = node.put(path + "?ttl=90s", "1").is(201);

    assertThat(created.instant("expiresAt"))
        .isEqualTo(created.instant("createdAt").plusSeconds(90));
  }
}
