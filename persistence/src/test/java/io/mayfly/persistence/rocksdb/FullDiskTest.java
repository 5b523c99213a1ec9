package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mayfly.persistence.rocksdb.StoreUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesFailed;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesSuccessful$;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs where a small file system can be mounted, which takes root. */
final class FullDiskTest {
  @TempDir private Path temporary;
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectories(temporary.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    assumeTrue(mounted, "no small file system can be mounted here");
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      run("umount", disk.toString());
    }
  }

  @Test
  void write_ontoAFullDisk_failsIsReportedAndLosesNothingAcknowledged() throws Exception {
    BlockingQueue<StoreUnavailableException> reported = new LinkedBlockingQueue<>();
    List<String> acknowledged = new ArrayList<>();
    try (StoreFixture fixture = new StoreFixture(disk)) {
      fixture.store().onFailure(reported::add);

      fillUp(fixture.probe(), acknowledged);

      StoreUnavailableException failure = reported.poll(10, TimeUnit.SECONDS);
      assertThat(failure).isNotNull();
      assertThat(failure.reason()).isEqualTo(Reason.NO_SPACE);
      fixture.probe().send("other", 1, Noted.of("after the failure"));
      assertThat(fixture.probe().expectFailure()).isSameAs(failure);
    }

    Path roomy = TestStores.copy(disk, temporary.resolve("roomy"));
    try (StoreFixture fixture = new StoreFixture(roomy)) {
      List<String> recovered = fixture.probe().replay("id").texts();
      assertThat(recovered.subList(0, acknowledged.size())).isEqualTo(acknowledged);
    }
  }

  @Test
  void open_onAFullDisk_saysSo() throws IOException {
    byte[] megabyte = new byte[1 << 20];
    int files = 0;
    try {
      while (true) {
        Files.write(temporary.resolve("disk").resolve("fill" + files++), megabyte);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space");
    }

    Path data = disk.resolve("data");
    Reason reason = null;
    try {
      TestStores.open(data).close();
    } catch (StoreUnavailableException e) {
      reason = e.reason();
    }

    assertThat(reason).isEqualTo(Reason.NO_SPACE);
  }

  /** Writes until a write fails. */
  private static void fillUp(JournalProbe probe, List<String> acknowledged) {
    TestKit kit = probe.kit();
    for (int i = 0; ; i++) {
      String text = i + "x".repeat(50_000);
      probe.send("id", i + 1, Noted.of(text));
      Object answer =
          kit.expectMsgAnyClassOf(WriteMessagesSuccessful$.class, WriteMessagesFailed.class);
      if (answer instanceof WriteMessagesFailed) {
        kit.expectMsgClass(WriteMessageFailure.class);
        return;
      }
      kit.expectMsgClass(WriteMessageSuccess.class);
      acknowledged.add(text);
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start();
    return process.waitFor() == 0;
  }
}
