package io.mayfly.persistence.rocksdb;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.ReadJournalProvider;

/** How Pekko finds the queries. */
public final class RocksReadJournalProvider implements ReadJournalProvider {
  private final RocksReadJournal journal;

  /** Called by Pekko's {@code PersistenceQuery}. */
  public RocksReadJournalProvider(ExtendedActorSystem system, Config config) {
    journal = new RocksReadJournal(new QuerySource(system, config));
  }

  @Override
  public RocksReadJournal javadslReadJournal() {
    return journal;
  }

  @Override
  public RocksScalaReadJournal scaladslReadJournal() {
    return new RocksScalaReadJournal(journal);
  }
}
