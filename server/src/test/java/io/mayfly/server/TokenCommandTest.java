package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.mayfly.http.caller.Caller;
import io.mayfly.http.caller.Callers;
import io.mayfly.http.caller.Right;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code mayfly token}. */
final class TokenCommandTest {
  /** What a run of the command printed, and its exit code. */
  private record Run(int code, List<String> out) {}

  private static Run run(String... arguments) {
    PrintStream standard = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      int code = new CommandLine(new TokenCommand()).execute(arguments);
      return new Run(code, out.toString(StandardCharsets.UTF_8).lines().toList());
    } finally {
      System.setOut(standard);
    }
  }

  @Test
  void lines_appendedToTheShippedFile_letTheTokenIn(@TempDir Path directory) throws IOException {
    Path file = Files.copy(Path.of("..", "application.conf"), directory.resolve("mayfly.conf"));

    Run first = run("cart-svc", "--namespaces", "cart-*,checkout", "--rights", "read,write");
    Run second = run("ops", "--namespaces", "*", "--rights", "admin");
    Files.writeString(
        file, Files.readString(file) + first.out().get(1) + '\n' + second.out().get(1) + '\n');
    Config config = Configuration.load(file, Map.of());

    assertThat(first.code()).isZero();
    assertThat(first.out()).hasSize(2);
    Callers callers = Callers.from(config);
    Caller cart = callers.authenticate("Bearer " + first.out().get(0));
    assertThat(cart.name()).isEqualTo("cart-svc");
    assertThat(cart.may(Right.WRITE, "cart-7")).isTrue();
    assertThat(cart.may(Right.ADMIN)).isFalse();
    assertThat(callers.authenticate("Bearer " + second.out().get(0)).name()).isEqualTo("ops");
    assertThat(Files.readString(file)).doesNotContain(first.out().get(0));
  }

  @ParameterizedTest(name = "mayfly token {0}")
  @ValueSource(
      strings = {
        "",
        "cart-svc",
        "cart-svc --namespaces a",
        "cart-svc --rights read",
        "--namespaces a --rights read",
        "cart-svc --namespaces A --rights read",
        "cart-svc --namespaces a,,b --rights read",
        "cart-svc --namespaces a --rights root",
        "cart-svc --namespaces a --rights read other",
        "-x --namespaces a --rights read",
        "a\"b --namespaces a --rights read",
      })
  void arguments_thatAreWrong_printNothingAndExitWith2(String arguments) {
    Run run = run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }
}
