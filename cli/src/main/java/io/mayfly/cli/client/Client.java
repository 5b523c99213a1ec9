package io.mayfly.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one server, and again while that is safe and there is time: after a failed
 * connection, 429 and 503, since nothing was done; after a cut or a 504 only what is repeatable.
 */
public final class Client {
  private final HttpClient http;
  private final Address address;
  private final Backoff backoff;
  private final Consumer<String> notes;

  /**
   * A client of one server.
   *
   * @param notes takes a sentence when somebody would wonder why nothing happens
   */
  public Client(Address address, Backoff backoff, Consumer<String> notes) {
    this.address = address;
    this.backoff = backoff;
    this.notes = notes;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(address.timeout())
            .build();
  }

  /**
   * Sends a request; returns its whole answer, with a status below 400.
   *
   * @throws Failure when the server refuses, or is not reached
   */
  public Answer send(Request request) {
    return attempts(request, BodyHandlers.ofByteArray(), Function.identity(), Answer::new);
  }

  /**
   * Sends a request; returns its answer as it comes. How long it comes is not bounded.
   *
   * @throws Failure when the server refuses, or is not reached
   */
  public InputStream open(Request request) {
    return attempts(request, BodyHandlers.ofInputStream(), Client::drained, body -> body);
  }

  /** How long a request may take, retries included. */
  public Duration timeout() {
    return address.timeout();
  }

  /** How long this client waits between attempts. */
  public Backoff backoff() {
    return backoff;
  }

  /** The same server with another timeout, and nobody to tell. */
  public Client within(Duration timeout) {
    Address impatient = new Address(address.server(), address.token(), timeout);
    return new Client(impatient, backoff, sentence -> {});
  }

  private <B, T> T attempts(
      Request request, BodyHandler<B> handler, Function<B, byte[]> whole, Function<B, T> made) {
    Deadline deadline = Deadline.in(address.timeout().plus(request.longer()));
    for (int failed = 1; ; failed++) {
      Failure failure;
      boolean again;
      try {
        HttpResponse<B> response = sent(request, handler, deadline);
        if (response.statusCode() < 400) {
          return made.apply(response.body());
        }
        JsonNode problem = Problems.of(response.statusCode(), whole.apply(response.body()));
        failure = Failure.refused(problem);
        again = mayRepeat(request, response.statusCode(), Problems.type(problem));
      } catch (ConnectException | HttpConnectTimeoutException e) {
        failure = Failure.unreachable(address, why(e));
        again = !(e.getCause() instanceof UnresolvedAddressException);
        noteOutage(failed, again, e);
      } catch (IOException | UncheckedIOException e) {
        failure =
            Failure.unanswered(address, request, "the connection was cut (" + e.getMessage() + ")");
        again = request.repeatable();
      }
      pauseOrFail(failed, again, failure, deadline);
    }
  }

  private static boolean mayRepeat(Request request, int status, String type) {
    return status == 429
        || status == 503
        || (request.repeatable() && (status == 504 || type.equals("idempotency-in-progress")));
  }

  private void pauseOrFail(int failed, boolean again, Failure failure, Deadline deadline) {
    JsonNode problem = failure.problem();
    Duration pause = backoff.after(failed, problem == null ? null : Problems.retryAfter(problem));
    if (!again || pause.compareTo(deadline.left()) >= 0) {
      throw failure;
    }
    try {
      Deadline.pause(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private void noteOutage(int failed, boolean again, IOException why) {
    if (failed == 1 && again) {
      notes.accept(
          "No server at "
              + address.server()
              + " ("
              + why(why)
              + "); trying again for "
              + address.timeout().toSeconds()
              + " s");
    }
  }

  private <B> HttpResponse<B> sent(Request request, BodyHandler<B> handler, Deadline deadline)
      throws IOException {
    CompletableFuture<HttpResponse<B>> coming = http.sendAsync(built(request), handler);
    try {
      return coming.get(Math.max(1, deadline.left().toNanos()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      coming.cancel(true);
      throw Failure.unanswered(
          address, request, "not within " + address.timeout().toMillis() + " ms");
    } catch (InterruptedException e) {
      coming.cancel(true);
      Thread.currentThread().interrupt();
      throw Failure.unanswered(address, request, "interrupted");
    }
  }

  private HttpRequest built(Request request) {
    byte @Nullable [] body = request.body();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(address.resolve(request.target()))
            .method(
                request.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    request.headers().forEach(builder::header);
    if (address.token() != null) {
      builder.header("Authorization", "Bearer " + address.token());
    }
    return builder.build();
  }

  private static String why(IOException e) {
    if (e.getCause() instanceof UnresolvedAddressException) {
      return "its host is not known";
    }
    if (e instanceof HttpConnectTimeoutException) {
      return "no connection in time";
    }
    return e.getMessage() == null ? "connection refused" : e.getMessage();
  }

  private static byte[] drained(InputStream body) {
    try (body) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
