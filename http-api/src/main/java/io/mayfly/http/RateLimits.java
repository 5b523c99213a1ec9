package io.mayfly.http;

import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.pressure.Fill;
import io.mayfly.protocol.pressure.Queues;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/**
 * The fields {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers):
 * which queues a request passes, and how much room the fullest of them has.
 */
final class RateLimits {
  private static final String KEY = "key";
  private static final String NAMESPACE = "namespace";
  private static final String NODE = "node";
  private static final String RATE = "rate";
  private static final int KEY_SEGMENT = 3;

  private final Queues queues;
  private final Contracts contracts;
  private final Supplier<Fill> node;

  /**
   * The limits of a node.
   *
   * @param node how full the node itself is
   */
  RateLimits(Queues queues, Contracts contracts, Supplier<Fill> node) {
    this.queues = queues;
    this.contracts = contracts;
    this.node = node;
  }

  /** The answer, with both fields when a queue of the request is more than half full. */
  HttpResponse onAnswer(HttpResponse response, Route route, List<String> segments) {
    if (!queues.crowded() && !node.get().moreThanHalf()) {
      return response;
    }
    Map<String, Fill> passed = passed(route, segments);
    String fullest = fullest(passed);
    Fill fill = passed.getOrDefault(fullest, Fill.NONE);
    return fill.moreThanHalf() ? with(response, policy(passed), fullest, fill.room(), 1) : response;
  }

  /** The refusal with both fields; what refused has no room. */
  HttpResponse onRefusal(
      HttpResponse response,
      Route route,
      List<String> segments,
      @Nullable ProblemType type,
      @Nullable Duration wait) {
    Map<String, Fill> passed = passed(route, segments);
    String policy = policy(passed);
    String name = NODE;
    if (type == ProblemType.KEY_OVERLOADED) {
      name = KEY;
    } else if (type == ProblemType.NAMESPACE_OVERLOADED) {
      name = NAMESPACE;
    } else if (type == ProblemType.RATE_EXCEEDED) {
      name = RATE;
      policy += ", \"rate\";q=" + limits(route, segments).ratePerSecond() + ";w=1";
    }
    return with(response, policy, name, 0, wait == null ? 1 : Headers.seconds(wait));
  }

  private Limits limits(Route route, List<String> segments) {
    String namespace = route.namespace(segments);
    return contracts.of(namespace == null ? "" : namespace).limits();
  }

  /** The queues that the request passes, nearest to the key first. */
  private Map<String, Fill> passed(Route route, List<String> segments) {
    Map<String, Fill> passed = new LinkedHashMap<>();
    String namespace = route.namespace(segments);
    if (namespace != null && route.reachesKeys()) {
      Limits limits = contracts.of(namespace).limits();
      if (segments.size() > KEY_SEGMENT) {
        passed.put(KEY, new Fill(key(route, segments).depth(), limits.queuePerKey()));
      }
      passed.put(NAMESPACE, new Fill(queues.of(namespace).depth(), limits.inFlight()));
    }
    passed.put(NODE, node.get());
    return passed;
  }

  private Fill key(Route route, List<String> segments) {
    String namespace = segments.get(Route.NAMESPACE);
    String name = segments.get(KEY_SEGMENT);
    try {
      return route.leases()
          ? queues.of(new LeaseId(namespace, name))
          : queues.of(new EntryId(namespace, name));
    } catch (IllegalArgumentException e) {
      return Fill.NONE;
    }
  }

  private static String fullest(Map<String, Fill> passed) {
    String fullest = NODE;
    for (Map.Entry<String, Fill> queue : passed.entrySet()) {
      if (queue.getValue().share() > passed.getOrDefault(fullest, Fill.NONE).share()) {
        fullest = queue.getKey();
      }
    }
    return fullest;
  }

  private static String policy(Map<String, Fill> passed) {
    StringBuilder policy = new StringBuilder();
    passed.forEach(
        (name, fill) ->
            policy
                .append(policy.isEmpty() ? "\"" : ", \"")
                .append(name)
                .append("\";q=")
                .append(fill.limit()));
    return policy.toString();
  }

  private static HttpResponse with(
      HttpResponse response, String policy, String name, long room, long seconds) {
    return response
        .addHeader(RawHeader.create("RateLimit-Policy", policy))
        .addHeader(RawHeader.create("RateLimit", "\"" + name + "\";r=" + room + ";t=" + seconds));
  }
}
