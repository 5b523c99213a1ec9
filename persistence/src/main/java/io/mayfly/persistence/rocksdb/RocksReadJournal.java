package io.mayfly.persistence.rocksdb;

import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.PersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.ReadJournal;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The queries. An offset is a {@link Sequence}: the number of an event in the order of commits,
 * which a restart continues. Queries start after the given offset. What was deleted or purged is in
 * none of them.
 */
public final class RocksReadJournal
    implements ReadJournal,
        PersistenceIdsQuery,
        CurrentPersistenceIdsQuery,
        EventsByPersistenceIdQuery,
        CurrentEventsByPersistenceIdQuery,
        EventsByTagQuery,
        CurrentEventsByTagQuery {
  /** The identifier with which Pekko's {@code PersistenceQuery} finds this journal. */
  public static final String IDENTIFIER = "mayfly.persistence.rocksdb.query";

  private final QuerySource source;

  RocksReadJournal(QuerySource source) {
    this.source = source;
  }

  /**
   * All persistence ids, then new ones as they appear. An id that appears while the query starts
   * may be named twice.
   */
  @Override
  public Source<String, NotUsed> persistenceIds() {
    return paged(() -> new PersistenceIds(source, true));
  }

  /** All persistence ids, in the order of their bytes. */
  @Override
  public Source<String, NotUsed> currentPersistenceIds() {
    return paged(() -> new PersistenceIds(source, false));
  }

  /** The events of a persistence id from one sequence number to another, waiting for the latter. */
  @Override
  public Source<EventEnvelope, NotUsed> eventsByPersistenceId(String id, long from, long to) {
    return paged(() -> new EventsById(source, id, from, to, true));
  }

  /** The events of a persistence id from one sequence number to another that are there. */
  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
      String id, long from, long to) {
    return paged(() -> new EventsById(source, id, from, to, false));
  }

  /** The events with a tag after an offset, in the order of their commit, without end. */
  @Override
  public Source<EventEnvelope, NotUsed> eventsByTag(String tag, Offset offset) {
    long after = ordering(offset);
    return paged(() -> new EventsByTag(source, tag, after, true));
  }

  /** The events with a tag after an offset that are there, in the order of their commit. */
  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByTag(String tag, Offset offset) {
    long after = ordering(offset);
    return paged(() -> new EventsByTag(source, tag, after, false));
  }

  private <P, T> Source<T, NotUsed> paged(Supplier<Pages<P, T>> pages) {
    return Source.fromGraph(new PagedSource<>(source.store().readers(), pages));
  }

  private static long ordering(Offset offset) {
    if (offset instanceof Sequence sequence) {
      return sequence.value();
    }
    if (offset.equals(Offset.noOffset())) {
      return 0;
    }
    throw new IllegalArgumentException(
        "offset: " + offset + " (expected: Offset.noOffset() or a Sequence)");
  }
}
