package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.persistence.query.EventEnvelope;

/** The events of one persistence id, by sequence number. */
final class EventsById implements Pages<Long, EventEnvelope> {
  private final QuerySource source;
  private final String id;
  private final long from;
  private final long to;
  private final boolean live;

  /** Reads from a sequence number to another, both inclusive; live queries wait for the latter. */
  EventsById(QuerySource source, String id, long from, long to, boolean live) {
    this.source = source;
    this.id = id;
    this.from = Math.max(source.lowestSequenceNr(id), from);
    this.to = live ? to : Math.min(to, source.highestSequenceNr(id));
    this.live = live;
  }

  @Override
  public Long start() {
    return from;
  }

  @Override
  public Page<Long, EventEnvelope> read(Long position) {
    if (position > to) {
      return new Page<>(List.of(), position, Rest.COMPLETE);
    }
    List<EventEnvelope> events = new ArrayList<>();
    long[] last = {position - 1};
    int[] rows = {0};
    source
        .database()
        .scan(
            Column.EVENTS,
            Keys.numbered(id, position),
            Keys.numberedEnd(id),
            (key, value) -> {
              long sequenceNr = ByteReader.lastI64(key);
              if (sequenceNr > to) {
                return false;
              }
              events.addAll(source.envelopes(id, sequenceNr, value));
              last[0] = sequenceNr;
              return ++rows[0] < source.pageSize();
            });
    return new Page<>(events, last[0] + 1, rest(last[0], rows[0]));
  }

  @Override
  public AutoCloseable subscribe(Runnable listener) {
    return live ? source.commits().onPersistenceId(id, listener) : () -> {};
  }

  private Rest rest(long last, int rows) {
    if (last >= to) {
      return Rest.COMPLETE;
    }
    if (rows == source.pageSize()) {
      return Rest.MORE;
    }
    return live ? Rest.CAUGHT_UP : Rest.COMPLETE;
  }
}
