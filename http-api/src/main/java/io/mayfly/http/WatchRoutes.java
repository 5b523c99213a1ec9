package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.Feeds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/watch/{ns}} and {@code GET /v1/watch/{ns}/{key}}. */
final class WatchRoutes {
  private static final String NOW = "now";
  private static final String START = "start";

  private final Feeds feeds;
  private final Contracts contracts;
  private final WatchChannels channels;
  private final WatchPages pages;
  private final WatchSettings settings;

  WatchRoutes(HttpApi.Ports ports, WatchChannels channels, HttpSettings settings) {
    this.feeds = ports.feeds();
    this.contracts = ports.contracts();
    this.channels = channels;
    this.pages = new WatchPages(ports, settings);
    this.settings = settings.watch();
  }

  /** Streams what happens in a namespace. */
  CompletionStage<HttpResponse> namespace(Call call) {
    String prefix = call.query().text(Parameter.PREFIX);
    String checked = prefix == null ? "" : EntryLists.checkedPrefix(prefix);
    WatchTopic topic = new WatchTopic(WatchSubject.of(call.query()), call.namespace());
    return stream(call, topic, new WatchFilter(null, checked, kinds(call, topic)));
  }

  /** Streams what happens to one key, or to one resource that is leased. */
  CompletionStage<HttpResponse> key(Call call) {
    EntryId id = call.entry();
    WatchTopic topic = new WatchTopic(WatchSubject.of(call.query()), id.namespace());
    return stream(call, topic, new WatchFilter(id.key(), "", kinds(call, topic)));
  }

  private CompletionStage<HttpResponse> stream(Call call, WatchTopic topic, WatchFilter filter) {
    String namespace = topic.namespace();
    Feed feed = topic.subject().feed(feeds);
    WatchText text = Negotiation.watch(call.headers().accept());
    boolean marked = call.query().choice(Parameter.MARKS, "false", "true");
    boolean valuesAsked = call.query().choice(Parameter.VALUES, "false", "true");
    boolean confidential =
        topic.subject() == WatchSubject.ENTRIES && contracts.of(namespace).privacy().confidential();
    if (!channels.room()) {
      throw Refusals.overloaded().exception();
    }
    CompletionStage<WatchPosition> begun;
    // What is now is asked when the channel listens, so that nothing happens in between.
    WatchChannel channel = channels.enter(topic);
    try {
      begun = from(call, topic, channel);
    } finally {
      channels.leave(channel);
    }
    return begun.thenApply(
        from -> {
          WatchSource.Watch watch =
              new WatchSource.Watch(
                  topic,
                  filter,
                  from,
                  text,
                  valuesAsked && !confidential,
                  marked,
                  greeting(text, namespace, feed.durable(namespace), valuesAsked && confidential),
                  pages);
          return HttpResponse.create()
              .withHeaders(List.of(Headers.NO_STORE, Headers.VARY_ACCEPT))
              .withEntity(
                  Chunks.entity(
                      text.contentType(),
                      Source.fromGraph(new WatchSource(channels, settings, watch))));
        });
  }

  private static ByteString greeting(
      WatchText text, String namespace, boolean durable, boolean valuesWithheld) {
    WatchChunk chunk = new WatchChunk();
    if (!durable) {
      chunk.add(
          text.notice(
              namespace,
              "The namespace is volatile: events can be missing after a disconnect, a restart or a"
                  + " fault of a node."));
    }
    if (valuesWithheld) {
      chunk.add(
          text.notice(
              namespace, "Values are withheld: the namespace's contract calls them confidential."));
    }
    return text.heartbeat().concat(chunk.toByteString());
  }

  private static Set<String> kinds(Call call, WatchTopic topic) {
    List<String> known = topic.subject().kinds();
    String list = call.query().text(Parameter.EVENTS);
    if (list == null) {
      return Set.copyOf(known);
    }
    Set<String> kinds = new HashSet<>();
    for (String word : list.split(",", -1)) {
      if (!known.contains(word.strip())) {
        throw Query.invalid(Parameter.EVENTS, "expected some of " + String.join(", ", known));
      }
      kinds.add(word.strip());
    }
    return kinds;
  }

  private CompletionStage<WatchPosition> from(Call call, WatchTopic topic, WatchChannel channel) {
    String namespace = topic.namespace();
    Feed feed = topic.subject().feed(feeds);
    String last = call.headers().lastEventId();
    String from = last == null || last.isEmpty() ? call.query().text(Parameter.FROM) : last;
    if (from == null || from.equals(NOW)) {
      return feed.now(namespace).thenApply(WatchPosition::at);
    }
    if (from.equals(START)) {
      if (topic.subject() == WatchSubject.LEASES) {
        throw Query.invalid(
            Parameter.FROM,
            "leases have no start to be told from: watch from now, then read the lease");
      }
      return feed.now(namespace).thenApply(now -> new WatchPosition(now, ""));
    }
    @Nullable WatchPosition position;
    try {
      position = WatchPosition.parse(from, feed.series(namespace));
    } catch (IllegalArgumentException e) {
      throw last != null && last.equals(from)
          ? RequestHeaders.invalid("Last-Event-ID", "it is no id that a stream gave out")
          : Query.invalid(Parameter.FROM, "expected now, start or the id of an event");
    }
    boolean amidEntries = position != null && position.frontier() != null;
    if (position == null || (topic.subject() == WatchSubject.LEASES && amidEntries)) {
      throw compacted().exception();
    }
    return kept(feed, channel, position)
        .thenApply(
            known -> {
              if (!known) {
                throw compacted().exception();
              }
              return position;
            });
  }

  /** Whether everything after a position can still be told. */
  private CompletionStage<Boolean> kept(Feed feed, WatchChannel channel, WatchPosition from) {
    String namespace = channel.namespace();
    long position = from.position();
    return position <= feed.end(namespace) && channel.after(position, 1, null) != null
        ? CompletableFuture.completedFuture(true)
        : feed.after(namespace, position, 1).thenApply(page -> page.isPresent());
  }

  private static Problem compacted() {
    return Problem.of(
        ProblemType.POSITION_COMPACTED,
        "Events after this id are no longer kept. Watch with from=start to begin with what stands,"
            + " or with from=now.");
  }
}
