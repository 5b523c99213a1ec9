package io.mayfly.benchmarks.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes that live objects take in a JVM's heap. Counting them makes that JVM collect its
 * garbage first, so the figure is exact and the pause is long.
 */
public final class LiveHeap {
  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  private LiveHeap() {}

  /** Bytes of live objects now. */
  public static long bytes(Jdk jdk, ServerUnderTest server)
      throws IOException, InterruptedException {
    Matcher matcher = TOTAL.matcher(histogram(jdk, server));
    if (!matcher.find()) {
      throw new IllegalStateException("heap histogram: no total");
    }
    return Long.parseLong(matcher.group(1));
  }

  /** Instances and bytes per class, the largest first. */
  public static String histogram(Jdk jdk, ServerUnderTest server)
      throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(jdk.jcmd(), Long.toString(server.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return output;
  }
}
