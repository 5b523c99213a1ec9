package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.ledger.Ledger;
import io.mayfly.protocol.ledger.LedgerChange;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksLedgerTest extends LedgerConformance {
  @TempDir private Path directory;
  private StoreFixture fixture;
  private final Map<String, Long> sequenceNrs = new HashMap<>();

  @BeforeEach
  void open() {
    fixture = new StoreFixture(directory);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Override
  protected Ledger ledger() {
    return fixture.store().ledger();
  }

  @Override
  protected void record(String persistenceId, LedgerChange change) {
    long sequenceNr = sequenceNrs.merge(persistenceId, 1L, Long::sum);
    fixture.probe().write(persistenceId, sequenceNr, Noted.of(change));
  }

  @Test
  void highestPurgedIncarnation_afterAReopen_isRemembered() {
    fixture.probe().write("ns/a", 1, Noted.purge(7));

    fixture.close();
    fixture = new StoreFixture(directory);

    assertThat(ledger().highestPurgedIncarnation()).isEqualTo(7);
  }
}
