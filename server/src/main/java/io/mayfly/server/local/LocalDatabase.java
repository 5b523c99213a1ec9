package io.mayfly.server.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of the cluster's own, from binaries that come along, with its data beside that of
 * the nodes. One that still runs, because the command that started it was killed, is used again.
 */
final class LocalDatabase {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;

  private final String url;
  private final long pid;
  private final @Nullable EmbeddedPostgres started;

  private LocalDatabase(int port, long pid, @Nullable EmbeddedPostgres started) {
    this.url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    this.pid = pid;
    this.started = started;
  }

  /**
   * Starts it, or finds it running.
   *
   * @param directory where it is kept
   */
  static LocalDatabase in(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path data = directory.resolve("data");
    Optional<LocalDatabase> running = running(data);
    if (running.isPresent()) {
      return running.get();
    }
    File log = directory.resolve("log").toFile();
    EmbeddedPostgres started =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(PATIENCE)
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "128MB")
            .setServerConfig("autovacuum_naptime", "10s")
            .setOutputRedirector(Redirect.appendTo(log))
            .setErrorRedirector(Redirect.appendTo(log))
            .start();
    return running(data)
        .map(found -> new LocalDatabase(started.getPort(), found.pid, started))
        .orElseThrow(() -> new IOException("the database ended; " + log + " says why"));
  }

  /** The database of a directory, if its process lives: the first line of a file names it. */
  private static Optional<LocalDatabase> running(Path data) throws IOException {
    try {
      List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
      if (lines.size() <= PORT_LINE) {
        return Optional.empty();
      }
      long pid = Long.parseLong(lines.get(PID_LINE).strip());
      int port = Integer.parseInt(lines.get(PORT_LINE).strip());
      return ProcessHandle.of(pid)
          .filter(process -> process.info().command().orElse("").endsWith("postgres"))
          .map(process -> new LocalDatabase(port, pid, null));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Where it is. */
  String url() {
    return url;
  }

  /** Stops it: connections end, and everything is written. */
  void stop() throws IOException {
    if (started != null) {
      started.close();
    } else {
      LocalProcess.terminate(ProcessHandle.of(pid), PATIENCE);
    }
  }
}
