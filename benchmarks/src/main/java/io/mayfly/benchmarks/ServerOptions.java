package io.mayfly.benchmarks;

import io.mayfly.benchmarks.process.Jdk;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the servers under measurement are started. */
public final class ServerOptions {
  @Option(
      names = "--java",
      paramLabel = "HOME",
      description = "JDK that the servers run on (default: the one of this process).")
  @Nullable Path java;

  @Option(
      names = "--jvm-flag",
      paramLabel = "FLAG",
      defaultValue = "-Xmx2g",
      description = "Flag that every server gets alike; repeatable (default: ${DEFAULT-VALUE}).")
  List<String> flags = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Setting that every Mayfly server gets; repeatable.")
  List<String> settings = List.of();

  /** The JDK with its flags. */
  public Jdk jdk() {
    return new Jdk(java == null ? Jdk.current() : java, flags);
  }

  /** Settings for every Mayfly server. */
  public List<String> settings() {
    return settings;
  }
}
