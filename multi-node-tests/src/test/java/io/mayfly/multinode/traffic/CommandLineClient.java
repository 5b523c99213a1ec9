package io.mayfly.multinode.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Asks a server through the command line. */
public final class CommandLineClient {
  private final URI server;

  /** A client of this server. */
  public CommandLineClient(URI server) {
    this.server = server;
  }

  /** Runs a command. */
  public CommandLineRun run(String... args) {
    return run(new ByteArrayOutputStream(), args);
  }

  /** Runs a command whose output can be looked at while it runs. */
  public CommandLineRun run(ByteArrayOutputStream out, String... args) {
    return CommandLineRun.of(server, out, args);
  }

  /** Puts so many entries, {@code k0} and on, whose values are their numbers. */
  public void fill(Path directory, String namespace, int count) throws IOException {
    Path file = directory.resolve(namespace + "-fill.ndjson");
    Files.writeString(
        file,
        IntStream.range(0, count).mapToObj(i -> put(namespace, i)).collect(Collectors.joining()));
    CommandLineRun filled = run("batch", file.toString());
    assertThat(filled.code()).as(filled.err()).isZero();
    assertThat(filled.lines()).hasSize(count + 1);
  }

  private static String put(String namespace, int number) {
    return "{\"op\":\"put\",\"namespace\":\"%s\",\"key\":\"k%d\",\"ttl\":\"1h\",\"value\":%d}%n"
        .formatted(namespace, number, number);
  }

  /** Waits until the namespace lists so many entries. */
  public void awaitListed(String namespace, int count) {
    Await.until(
        count + " are listed", () -> run("ls", namespace, "-o", "json").lines().size() == count);
  }

  /** Key, revision, value and deadline of each entry. */
  public List<String> entries(String namespace) {
    List<String> entries = new ArrayList<>();
    for (String line : run("ls", namespace, "--values").lines()) {
      String[] cells = line.split(" +", -1);
      entries.add(String.join(" ", cells[0], cells[1], cells[4], cells[3]));
    }
    return entries.subList(1, entries.size());
  }
}
