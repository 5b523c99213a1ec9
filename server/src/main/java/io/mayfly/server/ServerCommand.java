package io.mayfly.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
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
    } catch (ConfigException e) {
      System.err.println("mayfly: the configuration is not usable: " + e.getMessage());
      return MISCONFIGURED;
    }
    try {
      MayflyServer server = MayflyServer.start(loaded);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
      System.out.println("Mayfly is ready at " + server.url());
      return RUNNING;
    } catch (StartFailure e) {
      System.err.println("mayfly: " + e.getMessage());
      return NOT_STARTED;
    } catch (ConfigException | IllegalArgumentException e) {
      System.err.println("mayfly: the configuration is not usable: " + e.getMessage());
      return MISCONFIGURED;
    }
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
  private static void stop(MayflyServer server) {
    server.stop();
    Runtime.getRuntime().halt(server.failed() ? NOT_STARTED : 0);
  }
}
