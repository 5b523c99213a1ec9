package io.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.screen.Screen;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/CLI.md, the launcher, help and completion know every command. */
final class DocumentationTest {
  private static final Path ZSH = Path.of("/usr/bin/zsh");

  private static final Path HOUSE = Path.of(System.getProperty("basedir", "."), "..");

  private final String page = read("docs/CLI.md");

  @TempDir Path directory;

  @Test
  void commands_all_areDocumented() {
    assertThat(commands())
        .hasSizeGreaterThan(25)
        .allSatisfy(
            command ->
                assertThat(page).contains("./" + command.getCommandSpec().qualifiedName().strip()));
  }

  @Test
  void commands_byName_areWhatTheirAnnotationsSay() {
    assertThat(commands().get(0).getSubcommands().keySet())
        .containsExactlyInAnyOrderElementsOf(Commands.names());
  }

  @Test
  void options_all_areDocumented() {
    for (CommandLine command : commands()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        assertThat(page)
            .as(command.getCommandSpec().qualifiedName())
            .contains("`" + option.longestName());
      }
    }
  }

  @Test
  void exitCodes_all_areDocumented() {
    for (ExitCode code : ExitCode.values()) {
      assertThat(page).contains("| " + code.code() + " | " + code.meaning() + " |");
    }
  }

  @Test
  void help_ofEveryCommand_namesTheExitCodes() {
    for (CommandLine command : commands()) {
      List<String> line =
          new ArrayList<>(List.of(command.getCommandSpec().qualifiedName().split(" ")));
      line.remove(0);
      line.add("--help");

      Run run = Run.of(line.toArray(new String[0]));

      assertThat(run.code()).as(line.toString()).isZero();
      assertThat(run.out()).as(line.toString()).contains("Usage: ").contains("  120 ");
    }
  }

  @Test
  void launcher_everyCommand_isPassedOnAndInItsHelp() {
    String launcher = read("mayfly");
    String usage = launcher.substring(launcher.indexOf("usage() {"), launcher.indexOf("\n}\n"));
    String passed = launcher.substring(launcher.indexOf("\ncase $command in"));

    for (String name : commands().get(0).getSubcommands().keySet()) {
      assertThat(usage).matches("(?s).*\\b" + name + "\\b.*");
      assertThat(passed).matches("(?s).*\\b" + name + "\\b.*");
    }
    for (String name : CompletionCommand.LAUNCHER) {
      assertThat(passed).matches("(?s).*\\b" + name + "\\b.*");
    }
  }

  @Test
  void completion_inBash_completesCommandsAndOptions() throws Exception {
    Path script = directory.resolve("completion.bash");
    Files.writeString(script, Run.of("completion", "bash").out());

    assertThat(completed(script, "mayfly", "le")).contains("lease");
    assertThat(completed(script, "mayfly", "se")).contains("server");
    assertThat(completed(script, "mayfly", "lease", "acq")).contains("acquire");
    assertThat(completed(script, "mayfly", "put", "--t")).contains("--ttl", "--text", "--token");
  }

  @Test
  void completion_inZsh_loadsWhatItNeedsFirst() {
    Run run = Run.of("completion", "zsh");

    assertThat(run.out()).startsWith("autoload").contains("bashcompinit").contains("complete -F");
  }

  @Test
  void completion_inZsh_completesOptions() throws Exception {
    assumeTrue(Files.isExecutable(ZSH), "skipped: there is no zsh (.ci/tools installs it)");
    Path script = directory.resolve("completion.zsh");
    Files.writeString(script, Run.of("completion", "zsh").out());

    assertThat(offeredByZsh(script, "mayfly get --")).contains("--entry", "--output", "--timeout");
    assertThat(offeredByZsh(script, "mayfly lease a")).contains("mayfly lease acquire");
  }

  /** What a shell at a terminal shows when the tabulator is pressed after this, twice. */
  private String offeredByZsh(Path script, String typed) throws Exception {
    String program =
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'stty cols 200; source %s; echo load""ed'
        zpty -r shell said '*loaded*'
        zpty -n -w shell $'%s\\t\\t'
        zpty -r shell said '*(--entry*--version|acquire)*'
        print -r -- $said
        """
            .formatted(script, typed);
    ProcessBuilder builder = new ProcessBuilder(ZSH.toString(), "-f", "-c", program);
    builder.environment().put("HOME", directory.toString());
    Process zsh = builder.redirectErrorStream(true).start();
    assertThat(zsh.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new String(zsh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What bash would offer for the last word. */
  private static List<String> completed(Path script, String... words) throws Exception {
    String program =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=${#COMP_LINE};"
                .formatted(
                    script, String.join(" ", words), words.length - 1, String.join(" ", words))
            + " _complete_mayfly; printf '%s\\n' \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("bash", "-c", program).redirectErrorStream(true).start();
    String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return printed.lines().map(String::strip).toList();
  }

  /** The root, and all below it. */
  private static List<CommandLine> commands() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    List<CommandLine> commands = new ArrayList<>();
    commands.add(Main.commands(Screen.unattended(InputStream.nullInputStream(), nowhere, nowhere)));
    for (int i = 0; i < commands.size(); i++) {
      commands.addAll(commands.get(i).getSubcommands().values());
    }
    return commands;
  }

  private static String read(String name) {
    try {
      return Files.readString(HOUSE.resolve(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
