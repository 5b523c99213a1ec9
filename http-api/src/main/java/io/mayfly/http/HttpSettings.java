package io.mayfly.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.mayfly.http.admission.AdmissionSettings;
import io.mayfly.http.caller.Callers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/**
 * The limits and the callers of the gateway, from {@code mayfly.http}.
 *
 * @param admission the bounds of the door
 * @param pressureListenersMax how many may follow the pressure as a stream
 * @param bodyBytesMax the most bytes of a body
 * @param drainBytesMax the most bytes of a refused body that are read so that the refusal arrives
 * @param headTimeout how long no request may be under way on a connection until the head of the
 *     next is whole
 * @param idleTimeout how long no bytes may pass on a connection
 * @param bodyTimeout how long a body may take to arrive
 * @param headerBytesMax the most bytes of all headers together
 * @param timeoutDefault how long a command is waited for when the request says nothing
 * @param timeoutMax the longest wait that a request may ask for
 * @param listReadsInFlight how many entries one list reads at once
 * @param listBytesMax the bytes of values after which a page of whole entries ends
 * @param callers who may ask
 * @param batch the bounds of a batch
 * @param watch the bounds of watching
 */
public record HttpSettings(
    AdmissionSettings admission,
    int pressureListenersMax,
    int bodyBytesMax,
    long drainBytesMax,
    Duration headTimeout,
    Duration idleTimeout,
    Duration bodyTimeout,
    int headerBytesMax,
    Duration timeoutDefault,
    Duration timeoutMax,
    int listReadsInFlight,
    long listBytesMax,
    Callers callers,
    BatchSettings batch,
    WatchSettings watch,
    ServerSettings server) {

  /**
   * Headers whose values seldom come again. A connection remembers parsed headers in a table of
   * fixed size, and these would fill it with what is never looked up, at the cost of those that
   * repeat.
   */
  private static final List<String> NEVER_TWICE_THE_SAME =
      List.of(
          "Idempotency-Key",
          "Last-Event-ID",
          "Mayfly-Fence",
          "Mayfly-Sequence",
          "Mayfly-Version-Vector",
          "Mayfly-Written-At",
          "If-Match",
          "If-None-Match",
          "Traceparent",
          "Tracestate");

  /** Reads the settings; {@code all} is the whole configuration of the actor system. */
  public static HttpSettings from(Config all) {
    Config http = all.getConfig("mayfly.http");
    return new HttpSettings(
        AdmissionSettings.from(http),
        http.getInt("pressure.listeners-max"),
        Math.toIntExact(http.getBytes("body-bytes-max")),
        http.getBytes("drain-bytes-max"),
        http.getDuration("head-timeout"),
        http.getDuration("idle-timeout"),
        http.getDuration("body-timeout"),
        Math.toIntExact(http.getBytes("header-bytes-max")),
        http.getDuration("timeout-default"),
        http.getDuration("timeout-max"),
        http.getInt("list-reads-in-flight"),
        http.getBytes("list-bytes-max"),
        Callers.from(all),
        BatchSettings.from(http.getConfig("batch")),
        WatchSettings.from(http.getConfig("watch")),
        server(http, all));
  }

  /**
   * Pekko HTTP's own settings. They are laid over its reference configuration here, since one
   * library's reference cannot reliably override another's.
   */
  private static ServerSettings server(Config http, Config all) {
    Map<String, Object> server = new HashMap<>();
    server.put("server-header", "");
    server.put("raw-request-uri-header", "on");
    server.put("transparent-head-requests", "off");
    server.put("request-timeout", "0s");
    server.put("max-connections", http.getInt("max-connections"));
    server.put("backlog", http.getInt("backlog"));
    server.put("pipelining-limit", http.getInt("pipelining-limit"));
    server.put("linger-timeout", millis(http, "linger-timeout"));
    server.put("parsing.error-handler", ParsingErrors.class.getName());
    server.put("parsing.max-content-length", "infinite");
    server.put("parsing.max-uri-length", http.getBytes("uri-bytes-max"));
    server.put("parsing.max-header-count", http.getInt("header-count-max"));
    server.put("parsing.max-header-value-length", http.getBytes("header-bytes-max"));
    server.put("parsing.max-chunk-size", http.getBytes("body-bytes-max"));
    server.put("parsing.modeled-header-parsing", "off");
    server.put("parsing.illegal-header-warnings", "off");
    server.put("parsing.error-logging-verbosity", "off");
    for (String name : NEVER_TWICE_THE_SAME) {
      server.put("parsing.header-cache." + name, 0);
      server.put("parsing.header-cache." + name.toLowerCase(Locale.ROOT), 0);
    }
    Config overrides = ConfigFactory.parseMap(server).atPath("pekko.http.server");
    return ServerSettings.create(overrides.withFallback(all));
  }

  private static String millis(Config http, String path) {
    return http.getDuration(path).toMillis() + "ms";
  }
}
