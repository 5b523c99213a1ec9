package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.mayfly.server.local.NodeProcess;
import io.mayfly.server.telemetry.LogFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mayfly server}: starts one node and says where it is. */
@Command(
    name = "server",
    description = "Starts a server; stops it cleanly on SIGTERM.",
    mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
  /** The code of a server that runs on: no exit. */
  static final int RUNNING = -1;

  private static final int MISCONFIGURED = 78;
  private static final int NOT_STARTED = 1;

  @Option(names = "--port", description = "The port of the HTTP gateway (mayfly.http.port).")
  private @Nullable Integer port;

  @Option(names = "--host", description = "The address to listen on (mayfly.http.host).")
  private @Nullable String host;

  @Option(names = "--data", description = "The data directory (mayfly.data).")
  private @Nullable Path data;

  @Option(names = "--config", description = "A configuration file in HOCON.")
  private @Nullable Path config;

  @Option(names = "--set", description = "Sets one configuration value; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public Integer call() {
    Config loaded;
    try {
      loaded = Configuration.load(config, overrides());
      LogFormat.apply(loaded);
    } catch (ConfigException e) {
      System.err.println("mayfly: the configuration is not usable: " + e.getMessage());
      return MISCONFIGURED;
    }
    if (!tellProcess(loaded)) {
      return NOT_STARTED;
    }
    Node node = new Node(loaded);
    Thread hook = new Thread(() -> stop(node), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      System.out.println("Mayfly is ready at " + node.start());
      return RUNNING;
    } catch (StartFailure e) {
      return refused(hook, NOT_STARTED, String.valueOf(e.getMessage()));
    } catch (ConfigException | IllegalArgumentException e) {
      return refused(hook, MISCONFIGURED, "the configuration is not usable: " + e.getMessage());
    }
  }

  /** A node of a cluster writes down who it is: whoever started it may not be who stops it. */
  private static boolean tellProcess(Config loaded) {
    if (loaded.getString("mayfly.cluster.seeds").isBlank()) {
      return true;
    }
    Path directory = Path.of(loaded.getString("mayfly.data"));
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(NodeProcess.FILE), NodeProcess.current());
      return true;
    } catch (IOException e) {
      System.err.println("mayfly: cannot write into " + directory + ": " + e.getMessage());
      return false;
    }
  }

  /** Without its hook, the process exits with the code and not with that of a stop. */
  private static int refused(Thread hook, int code, String message) {
    System.err.println("mayfly: " + message);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is on its way down already, and the hook says with what code.
    }
    return code;
  }

  private Map<String, Object> overrides() {
    Map<String, Object> overrides = new LinkedHashMap<>(settings);
    if (port != null) {
      overrides.put("mayfly.http.port", port);
    }
    if (host != null) {
      overrides.put("mayfly.http.host", host);
    }
    if (data != null) {
      overrides.put("mayfly.data", data.toString());
    }
    return overrides;
  }

  /** A stop that was asked for is a success, whatever signal asked. */
  private static void stop(Node node) {
    node.stop();
    Runtime.getRuntime().halt(node.failed() ? NOT_STARTED : 0);
  }
}
