package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ErasureTest {
  @TempDir private Path directory;

  @Test
  void purge_amongManyOtherIds_leavesTheFilesByItself() {
    StoreSettings settings =
        StoreSettings.from(
            ConfigFactory.parseString(StoreSettings.PATH + ".erasure.interval = 50ms")
                .withFallback(TestStores.config()));
    try (RocksStore store = RocksStore.open(directory, settings)) {
      ActorSystem system = TestStores.system(store);
      JournalProbe probe = new JournalProbe(system);
      for (int i = 0; i < 500; i++) {
        probe.write("kept" + i, 1, JournalProbe.tagged(Noted.of("value" + i), "tag"));
      }
      probe.write("vanishing-key", 1, JournalProbe.tagged(Noted.of("secret-value"), "tag"));
      probe.saveSnapshot("vanishing-key", 1, "secret-value");
      store.database().flush();

      probe.write("vanishing-key", 2, Noted.purge(7));

      probe
          .kit()
          .awaitAssert(
              Duration.ofSeconds(20),
              () -> {
                assertThat(files("vanishing-key")).isEmpty();
                return true;
              });
      assertThat(files("secret-value")).isEmpty();
      assertThat(probe.replay("kept7").texts()).containsExactly("value7");
      TestKit.shutdownActorSystem(system);
    }
  }

  @Test
  void erase_ofDeletedEvents_keepsTheOthers() {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.probe().write("id", 1, Noted.of("one"), Noted.of("two"));
      fixture.probe().delete("id", 1);
      fixture.store().erasure().erase();
    }

    try (StoreFixture fixture = new StoreFixture(directory)) {
      assertThat(fixture.probe().replay("id"))
          .isEqualTo(new JournalProbe.Replayed(List.of("two"), 2));
    }
  }

  private List<String> files(String text) {
    return TestStores.filesContaining(directory, text);
  }
}
