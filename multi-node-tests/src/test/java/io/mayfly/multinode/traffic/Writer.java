package io.mayfly.multinode.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mayfly.multinode.history.Attempt;
import io.mayfly.multinode.history.KeyRecord;
import io.mayfly.multinode.history.KeyState;
import io.mayfly.protocol.entry.Version;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * Writes keys of its own, one request at a time, until the server is gone: creations, replacements
 * and now and then an end.
 */
public final class Writer implements Callable<Integer> {
  private static final int DELETE_ONE_IN = 12;
  private static final int PAD_MAX = 200;

  private final StateClient client;
  private final List<KeyRecord> keys;
  private final SplittableRandom random;
  private final CountDownLatch wanted;
  private int acknowledged;

  /**
   * A writer that nobody shares its keys with.
   *
   * @param wanted counted down by each acknowledgement
   */
  public Writer(
      StateClient client, List<KeyRecord> keys, SplittableRandom random, CountDownLatch wanted) {
    this.client = client;
    this.keys = keys;
    this.random = random;
    this.wanted = wanted;
  }

  /** Writes until an answer fails to come; returns how many were acknowledged. */
  @Override
  public Integer call() {
    try {
      while (true) {
        write(keys.get(random.nextInt(keys.size())));
      }
    } catch (IOException e) {
      return acknowledged;
    }
  }

  private void write(KeyRecord key) throws IOException {
    boolean delete = key.acknowledged().live() && random.nextInt(DELETE_ONE_IN) == 0;
    Attempt attempt = delete ? Attempt.DELETE : new Attempt(value());
    key.sending(attempt);
    Answer answer =
        delete
            ? client.delete(key.id())
            : client.put(key.id(), "ttl=1h", attempt.value().toString());
    if (answer.isSuccess()) {
      key.observed(state(attempt, answer.json()));
      acknowledged++;
      wanted.countDown();
    } else if (answer.status() == 503) {
      key.refused();
    } else {
      throw new AssertionError(key.id() + ": " + answer);
    }
  }

  private static KeyState state(Attempt attempt, JsonNode receipt) {
    Version version =
        new Version(receipt.path("incarnation").asLong(), receipt.path("revision").asLong());
    return attempt.isDelete() ? KeyState.ended(version) : KeyState.live(version, attempt.value());
  }

  private JsonNode value() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("n", Long.toString(random.nextLong()))
        .put("pad", "x".repeat(random.nextInt(PAD_MAX)));
  }
}
