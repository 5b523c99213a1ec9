package io.mayfly.multinode.traffic;

import io.mayfly.cli.Main;
import io.mayfly.cli.screen.Screen;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of the command line in this process.
 *
 * @param out all that it printed on standard output
 * @param err all that it printed on standard error
 */
public record CommandLineRun(int code, String out, String err) {
  static CommandLineRun of(URI server, ByteArrayOutputStream out, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> line = new ArrayList<>(List.of("--server", server.toString()));
    line.addAll(List.of(args));
    Screen screen =
        Screen.unattended(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int code = Main.run(screen, line.toArray(new String[0]));
    return new CommandLineRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The lines of standard output. */
  public List<String> lines() {
    return out.lines().toList();
  }
}
