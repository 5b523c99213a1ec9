package io.mayfly.cli;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Failure;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Progress;
import io.mayfly.cli.stream.Operations;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: the entries of a namespace, as lines that {@code import} takes. */
@Command(
    name = "export",
    description =
        "Writes the live entries of a namespace, one a line, as operations that import and POST"
            + " /v1/batch take. Deadlines stay what they are.")
final class ExportCommand extends Asking {
  @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
  private String namespace = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Where to; it appears when it is whole. Standard output unless told.")
  private @Nullable Path file;

  @Option(names = "--prefix", paramLabel = "TEXT", description = "Only keys that begin so.")
  private @Nullable String prefix;

  @Override
  ExitCode ask() throws IOException {
    boolean prints = file == null || file.toString().equals(Input.STANDARD);
    try (Progress progress = new Progress(screen(), "entries exported", prints)) {
      if (file == null || prints) {
        write(screen().out(), progress);
      } else {
        writeFile(file, progress);
      }
      screen().note(progress.text());
    }
    return ExitCode.OK;
  }

  private void writeFile(Path whole, Progress progress) throws IOException {
    Path part = Path.of(whole + ".part");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
      write(out, progress);
    } catch (UncheckedIOException e) {
      throw Failure.usage("Cannot write " + part + ": " + e.getMessage(), "Is the disk full?");
    }
    Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
  }

  private void write(OutputStream out, Progress progress) throws IOException {
    Target list = Target.of("/v1/state", namespace).with("prefix", prefix).with("view", "entries");
    new Listing(client(), list, Long.MAX_VALUE)
        .each(
            entry -> {
              String line = Json.line(Operations.put(entry)) + '\n';
              byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
              try {
                out.write(bytes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              progress.add(bytes.length);
            },
            () -> !screen().closed());
    out.flush();
  }
}
