package io.mayfly.benchmarks.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JDK that servers run on, and the flags that all of them get alike.
 *
 * @param home where its {@code bin} lies
 */
public record Jdk(Path home, List<String> flags) {

  public Jdk {
    if (!Files.isExecutable(home.resolve("bin/java"))) {
      throw new IllegalArgumentException("JDK: no bin/java in " + home);
    }
    flags = List.copyOf(flags);
  }

  /** The JDK of this process. */
  public static Path current() {
    return Path.of(System.getProperty("java.home"));
  }

  /** The command that runs a main class on this process's class path. */
  List<String> command(String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    return command;
  }

  /** The tool that asks a running JVM for its heap. */
  String jcmd() {
    return home.resolve("bin/jcmd").toString();
  }
}
