package io.mayfly.multinode.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.ByteBuddy;

/** The wall clocks of the processes of a cluster, which a test can put wrong one by one. */
final class Clocks {
  private final Path directory;
  private final Path agent;

  /** Clocks that are right. */
  Clocks(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory).toAbsolutePath();
    this.agent = this.directory.resolve("agent.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(agent), manifest())) {
      for (Class<?> one :
          new Class<?>[] {ClockAgent.class, ClockAgent.OnOtherClock.class, ShiftedClock.class}) {
        add(one, jar);
      }
    }
  }

  private static Manifest manifest() {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(
        Attributes.Name.CLASS_PATH,
        ByteBuddy.class.getProtectionDomain().getCodeSource().getLocation().toString());
    attributes.putValue("Premain-Class", ClockAgent.class.getName());
    return manifest;
  }

  private static void add(Class<?> one, JarOutputStream jar) throws IOException {
    String name = one.getName().replace('.', '/') + ".class";
    jar.putNextEntry(new JarEntry(name));
    try (InputStream code = Clocks.class.getClassLoader().getResourceAsStream(name)) {
      code.transferTo(jar);
    }
  }

  /** Puts a process, and those that it starts, on clocks that can be put wrong. */
  ProcessBuilder watched(ProcessBuilder process) {
    process
        .environment()
        .merge(
            "JAVA_TOOL_OPTIONS",
            "-javaagent:" + agent + '=' + directory,
            (before, more) -> before + ' ' + more);
    return process;
  }

  /** Puts the clock of a process wrong, or right again; it hears of that within a second. */
  void shift(long pid, Duration by) {
    try {
      Path written = Files.writeString(directory.resolve("next"), Long.toString(by.toMillis()));
      Files.move(written, directory.resolve(Long.toString(pid)), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
