package io.mayfly.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.mayfly.persistence.rocksdb.LedgerConformance;
import io.mayfly.persistence.rocksdb.Noted;
import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerChange;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresLedgerTest extends LedgerConformance {
  private final Map<String, Long> sequenceNrs = new HashMap<>();
  private Config config;
  private StoreInUse node;

  @BeforeEach
  void open() {
    config = TestDatabase.empty();
    node = new StoreInUse(config);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Override
  protected Ledger ledger() {
    return node.store().ledger();
  }

  @Override
  protected void record(String persistenceId, LedgerChange change) {
    long sequenceNr = sequenceNrs.merge(persistenceId, 1L, Long::sum);
    node.probe().write(persistenceId, sequenceNr, Noted.of(change));
  }

  @Test
  void highestPurgedIncarnation_onAnotherNode_isKnownAfterItsNextRecovery() {
    try (StoreInUse other = new StoreInUse(config)) {
      node.probe().write("ns/a", 1, Noted.purge(7));

      other.probe().replay("ns/a");

      assertThat(other.store().ledger().highestPurgedIncarnation()).isEqualTo(7);
    }
  }
}
