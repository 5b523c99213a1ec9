package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class RecoveryLogTest {
  @TempDir private Path temporary;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(RocksStore.class);
  private Path data;

  @BeforeEach
  void listen() {
    data = temporary.resolve("data");
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  @Test
  void open_afterACleanStop_saysNothing() {
    TestStores.open(data).close();

    TestStores.open(data).close();

    assertThat(said()).isEmpty();
  }

  @Test
  void open_afterAKill_saysThatItRecovered() {
    Path left = killed();

    TestStores.open(left).close();

    assertThat(said()).singleElement().asString().startsWith("INFO last stop was unclean");
  }

  @Test
  void open_ofATornLog_saysWhatWasDroppedAndWhere() throws IOException {
    Path left = killed();
    Path log = WalTail.inspectNewest(left.resolve("db")).orElseThrow().file();
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(log) - 5);
    }
    long torn = WalTail.inspect(log).tornBytes();

    TestStores.open(left).close();

    assertThat(said().get(0))
        .isEqualTo("WARN dropped " + torn + " bytes of an unfinished write at the end of " + log);
  }

  private Path killed() {
    try (StoreFixture fixture = new StoreFixture(data)) {
      fixture.probe().write("id", 1, Noted.of("one"), Noted.of("two"));
      fixture.probe().write("id", 3, Noted.of("three"));
      return TestStores.copy(data, temporary.resolve("left"));
    }
  }

  private List<String> said() {
    return lines.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }
}
