package io.mayfly.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.persistence.plugin.Tck;
import org.junit.jupiter.api.Test;

final class PostgresTckTest {
  @Test
  void journal_heldToPekkosSuite_passesEveryTest() {
    Tck.Result result = Tck.run(JournalTck.class);

    assertThat(result).isEqualTo(new Tck.Result(true, 17, 0));
  }

  @Test
  void snapshotStore_heldToPekkosSuite_passesEveryTest() {
    Tck.Result result = Tck.run(SnapshotStoreTck.class);

    assertThat(result).isEqualTo(new Tck.Result(true, 13, 0));
  }
}
