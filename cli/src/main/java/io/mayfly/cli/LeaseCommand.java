package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Request;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Screen;
import io.mayfly.cli.screen.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lease}: locks and permits. */
@Command(
    name = "lease",
    description = "Locks and permits, held for a bounded time.",
    mixinStandardHelpOptions = true,
    subcommands = {
      LeaseCommand.Create.class,
      LeaseCommand.Get.class,
      LeaseCommand.Acquire.class,
      LeaseCommand.Renew.class,
      LeaseCommand.Release.class,
      LeaseRunCommand.class,
      LeaseStory.History.class,
      LeaseStory.Watch.class
    })
final class LeaseCommand {
  private static void showGrant(Screen screen, boolean json, JsonNode grant) {
    if (json) {
      screen.say(Json.line(grant));
      return;
    }
    Table table = new Table(screen, "LEASE-ID", "TOKEN", "HOLDER", "PERMITS", "EXPIRES");
    table.row(
        grant.path("leaseId").asText(),
        grant.path("token").asText(),
        grant.path("holder").asText(),
        grant.path("permits").asText(),
        grant.path("expiresAt").asText());
    table.print();
  }

  private static void showResource(Screen screen, boolean json, JsonNode resource) {
    if (json) {
      screen.say(Json.line(resource));
      return;
    }
    Table table =
        new Table(screen, "CAPACITY", "AVAILABLE", "WAITING", "HIGHEST-TOKEN", "COOLDOWN");
    table.row(
        resource.path("capacity").asText(),
        resource.path("available").asText(),
        resource.path("waiting").asText(),
        resource.path("highestToken").asText(),
        resource.path("cooldown").asText());
    table.print();
    Table holders = new Table(screen, "HOLDER", "PERMITS", "TOKEN", "EXPIRES");
    for (JsonNode holder : resource.path("holders")) {
      holders.row(
          holder.path("holder").asText(),
          holder.path("permits").asText(),
          holder.path("token").asText(),
          holder.path("expiresAt").asText());
    }
    holders.print();
  }

  /** {@code lease create}. */
  @Command(
      name = "create",
      description = "Creates a resource, or changes it. A lock needs none: acquire creates it.")
  static final class Create extends Asking {
    @Mixin private LeaseName name = new LeaseName();

    @Option(names = "--capacity", paramLabel = "NUMBER", description = "How many permits it has.")
    private @Nullable Integer capacity;

    @Option(
        names = "--cooldown",
        paramLabel = "DURATION",
        description = "How long a permit rests after it was held.")
    private @Nullable Duration cooldown;

    @Override
    ExitCode ask() {
      ObjectNode body = Json.object();
      if (capacity != null) {
        body.put("capacity", capacity);
      }
      if (cooldown != null) {
        body.put("cooldown", Durations.text(cooldown));
      }
      Request put =
          Request.of("PUT", name.lease().target())
              .body(Request.JSON, Json.line(body).getBytes(StandardCharsets.UTF_8))
              .repeated();
      showResource(screen(), json(), client().send(put).json());
      return ExitCode.OK;
    }
  }

  /** {@code lease get}. */
  @Command(name = "get", description = "Prints who holds it, and how many wait.")
  static final class Get extends Asking {
    @Mixin private LeaseName name = new LeaseName();

    @Override
    ExitCode ask() {
      Request get = Request.get(name.lease().target());
      showResource(screen(), json(), client().send(get).json());
      return ExitCode.OK;
    }
  }

  /** {@code lease acquire}. */
  @Command(name = "acquire", description = "Acquires it; prints its id and its fencing token.")
  static final class Acquire extends Asking {
    @Mixin private LeaseName name = new LeaseName();

    @Mixin private LeaseWish wish = new LeaseWish();

    @Override
    ExitCode ask() {
      showGrant(screen(), json(), name.lease().acquire(client(), wish.wish()));
      return ExitCode.OK;
    }
  }

  /** {@code lease renew}. */
  @Command(name = "renew", description = "Renews it.")
  static final class Renew extends Asking {
    @Mixin private LeaseName name = new LeaseName();

    @Parameters(index = "2", paramLabel = "LEASE-ID", description = "As acquire printed it.")
    private String leaseId = "";

    @Option(
        names = "--ttl",
        required = true,
        paramLabel = "DURATION",
        description = "It is lost so long from now.")
    private Duration ttl = Duration.ZERO;

    @Override
    ExitCode ask() {
      showGrant(screen(), json(), name.lease().renew(client(), leaseId, ttl));
      return ExitCode.OK;
    }
  }

  /** {@code lease release}. */
  @Command(name = "release", description = "Gives it back.")
  static final class Release extends Asking {
    @Mixin private LeaseName name = new LeaseName();

    @Parameters(index = "2", paramLabel = "LEASE-ID", description = "As acquire printed it.")
    private String leaseId = "";

    @Override
    ExitCode ask() {
      name.lease().release(client(), leaseId);
      return ExitCode.OK;
    }
  }
}
