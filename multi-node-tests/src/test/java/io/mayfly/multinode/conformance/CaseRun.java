package io.mayfly.multinode.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One case on its way through its steps, in a namespace of its own. */
public final class CaseRun implements Callable<@Nullable Void> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 10;

  private final Case vector;
  private final Requests requests;
  private final Executor readers;
  private final Variables variables;
  private final Map<String, CompletableFuture<HttpResponse<byte[]>>> started = new HashMap<>();
  private final Map<String, EventStream> streams = new HashMap<>();

  /**
   * A run against a server.
   *
   * @param namespace that nobody else uses
   * @param readers threads that wait for events
   */
  public CaseRun(Case vector, URI server, String namespace, Executor readers) {
    this.vector = vector;
    this.requests = new Requests(server);
    this.readers = readers;
    this.variables = new Variables(InstantSource.system(), namespace);
  }

  /** Runs all steps; fails at the first that is not as expected. */
  @Override
  public @Nullable Void call() throws Exception {
    try {
      if (vector.content().has("contract")) {
        ObjectNode put = request("PUT", "/v1/contracts/${ns}");
        put.set("json", vector.content().get("contract"));
        requests.send(put, variables).require(status(201));
      }
      for (JsonNode step : PureCase.steps(vector)) {
        run(step);
      }
      return null;
    } finally {
      started.values().forEach(request -> request.cancel(true));
      for (EventStream stream : streams.values()) {
        stream.close();
      }
    }
  }

  private void run(JsonNode step) throws Exception {
    try {
      if (step.has("open")) {
        open(step);
      } else if (step.has("read")) {
        read(step);
      } else if (step.has("cut")) {
        taken(streams, step.get("cut")).close();
      } else if (step.has("background")) {
        started.put(step.get("background").asText(), requests.start(step, variables));
      } else if (step.has("finish")) {
        require(
            step,
            Requests.received(
                taken(started, step.get("finish")).get(PATIENCE_SECONDS, TimeUnit.SECONDS)));
      } else if (step.has("abandon")) {
        taken(started, step.get("abandon")).cancel(true);
      } else if (step.has("retryFor")) {
        retry(step);
      } else {
        require(step, requests.send(step, variables));
      }
    } catch (Matching.Mismatch | IOException | TimeoutException e) {
      throw new AssertionError(step + "\n" + e.getMessage(), e);
    }
  }

  private void require(JsonNode step, Received answer) {
    variables.capture(answer.require(variables.document(step.path("expect"))));
  }

  private void retry(JsonNode step) {
    Duration limit = Duration.parse("PT" + step.get("retryFor").asText());
    AtomicReference<String> newest = new AtomicReference<>("no answer");
    try {
      Await.until("the answer to " + step, limit, () -> answersAsExpected(step, newest));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + newest.get(), e);
    }
  }

  private boolean answersAsExpected(JsonNode step, AtomicReference<String> newest)
      throws Exception {
    try {
      require(step, requests.send(step, variables));
      return true;
    } catch (Matching.Mismatch e) {
      newest.set(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void open(JsonNode step) throws Exception {
    EventStream stream = requests.open(step, variables);
    streams.put(step.get("open").asText(), stream);
    JsonNode expect = step.has("expect") ? step.get("expect") : status(200);
    variables.capture(stream.head().require(variables.document(expect)));
  }

  private void read(JsonNode step) throws Exception {
    EventStream stream = streams.get(step.get("read").asText());
    if (stream == null) {
      throw new AssertionError("no stream is open: " + step);
    }
    Map<String, JsonNode> captured = new HashMap<>();
    for (JsonNode expected : step.path("events")) {
      FutureTask<ObjectNode> reading = new FutureTask<>(stream::next);
      readers.execute(reading);
      ObjectNode event = reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      Matching.require(variables.document(expected), event, "event", captured);
    }
    variables.capture(captured);
  }

  private static <T> T taken(Map<String, T> from, JsonNode name) {
    T taken = from.remove(name.asText());
    if (taken == null) {
      throw new AssertionError("nothing was begun as " + name);
    }
    return taken;
  }

  private static ObjectNode request(String method, String path) {
    return JSON.createObjectNode().put("method", method).put("path", path);
  }

  private static ObjectNode status(int status) {
    return JSON.createObjectNode().put("status", status);
  }
}
