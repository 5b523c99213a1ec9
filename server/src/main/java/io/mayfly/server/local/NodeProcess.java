package io.mayfly.server.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Which process a node is, as its directory tells: the number and when it started, since numbers of
 * processes are used again.
 */
public final class NodeProcess {
  /** The file in the node's directory. */
  public static final String FILE = "pid";

  private NodeProcess() {}

  /** What the file says of this process. */
  public static String current() {
    return text(ProcessHandle.current());
  }

  /** The process that a directory tells of, while it lives. */
  static Optional<ProcessHandle> in(Path directory) throws IOException {
    try {
      String told = Files.readString(directory.resolve(FILE));
      return ProcessHandle.of(Long.parseLong(told.split(" ", 2)[0]))
          .filter(process -> process.isAlive() && text(process).equals(told));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String text(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().map(Instant::toString).orElse("-");
  }
}
