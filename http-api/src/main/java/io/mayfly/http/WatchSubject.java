package io.mayfly.http;

import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.feed.Feed;
import io.mayfly.protocol.feed.Feeds;
import io.mayfly.protocol.lease.LeaseHistoryEvent;
import java.util.Arrays;
import java.util.List;

/** What kind of things is watched. */
enum WatchSubject {
  ENTRIES("entries"),
  LEASES("leases");

  private final String text;

  WatchSubject(String text) {
    this.text = text;
  }

  /** The subject that a request names; entries where it names none. */
  static WatchSubject of(Query query) {
    String named = query.text(Parameter.OF);
    for (WatchSubject subject : values()) {
      if (named == null || subject.text.equals(named)) {
        return subject;
      }
    }
    throw Query.invalid(Parameter.OF, "expected entries or leases");
  }

  /** The feed that tells of it. */
  Feed feed(Feeds feeds) {
    return this == ENTRIES ? feeds.entries() : feeds.leases();
  }

  /** The words of all that can happen. */
  List<String> kinds() {
    return this == ENTRIES
        ? Arrays.stream(HistoryEvent.Kind.values()).map(HistoryEvent.Kind::text).toList()
        : Arrays.stream(LeaseHistoryEvent.Kind.values()).map(LeaseHistoryEvent.Kind::text).toList();
  }
}
