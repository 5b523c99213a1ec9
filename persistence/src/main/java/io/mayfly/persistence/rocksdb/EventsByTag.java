package io.mayfly.persistence.rocksdb;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.EventCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.persistence.query.EventEnvelope;

/** The events with a tag, in the order of their commit. */
final class EventsByTag implements Pages<Long, EventEnvelope> {
  private final QuerySource source;
  private final String tag;
  private final long after;
  private final long to;
  private final boolean live;

  /** Reads what comes after an ordering number; live queries never end. */
  EventsByTag(QuerySource source, String tag, long after, boolean live) {
    this.source = source;
    this.tag = tag;
    this.after = after;
    this.to = live ? Long.MAX_VALUE : source.lastOrdering();
    this.live = live;
  }

  private record Row(long ordering, long sequenceNr, String id) {}

  @Override
  public Long start() {
    return after;
  }

  @Override
  public Page<Long, EventEnvelope> read(Long position) {
    List<Row> rows = rows(position);
    List<EventEnvelope> events = new ArrayList<>();
    for (Row row : rows) {
      byte[] event =
          source.database().get(Column.EVENTS, Keys.numbered(row.id(), row.sequenceNr()));
      // It may have been purged since its row was read, or its place taken by a later life.
      if (event != null && EventCodec.ordering(event) == row.ordering()) {
        events.addAll(source.envelopes(row.id(), row.sequenceNr(), event));
      }
    }
    boolean full = rows.size() == source.pageSize();
    long next = rows.isEmpty() ? position : rows.get(rows.size() - 1).ordering();
    return new Page<>(events, next, full ? Rest.MORE : live ? Rest.CAUGHT_UP : Rest.COMPLETE);
  }

  @Override
  public AutoCloseable subscribe(Runnable listener) {
    return live ? source.commits().onTag(tag, listener) : () -> {};
  }

  private List<Row> rows(long position) {
    List<Row> rows = new ArrayList<>();
    if (position == Long.MAX_VALUE) {
      return rows;
    }
    source
        .database()
        .scan(
            Column.TAGS,
            Keys.numbered(tag, position + 1),
            Keys.numberedEnd(tag),
            (key, value) -> {
              long ordering = ByteReader.lastI64(key);
              if (ordering > to) {
                return false;
              }
              long sequenceNr = new ByteReader(value).i64();
              String id = new String(value, 8, value.length - 8, StandardCharsets.UTF_8);
              rows.add(new Row(ordering, sequenceNr, id));
              return rows.size() < source.pageSize();
            });
    return rows;
  }
}
