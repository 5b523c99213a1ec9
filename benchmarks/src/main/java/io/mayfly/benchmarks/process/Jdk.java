package io.mayfly.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JDK that servers run on, and the flags that all of them get alike, beside those of the
 * launcher.
 *
 * @param home where its {@code bin} lies
 */
public record Jdk(Path home, List<String> flags) {

  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

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

  /** The flags that the launcher, which names the home, gives a server on this JDK. */
  private List<String> launcherFlags() {
    List<String> launcher =
        new ArrayList<>(List.of("@" + Path.of(System.getProperty("mayfly.home"), "jvm.options")));
    int version = featureVersion();
    if (version >= 24) {
      launcher.add("--enable-native-access=ALL-UNNAMED");
      launcher.add("--sun-misc-unsafe-memory-access=allow");
    }
    if (version >= 25) {
      launcher.add("-XX:+UseCompactObjectHeaders");
    }
    return launcher;
  }

  private int featureVersion() {
    try {
      Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 17;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command that runs a main class on this process's class path. */
  List<String> command(String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.addAll(launcherFlags());
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
