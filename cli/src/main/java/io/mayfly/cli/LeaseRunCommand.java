package io.mayfly.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mayfly.cli.client.Client;
import io.mayfly.cli.client.ExitCode;
import io.mayfly.cli.client.Failure;
import io.mayfly.cli.lease.Lease;
import io.mayfly.cli.lease.Program;
import io.mayfly.cli.lease.Tenure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lease run}: a program that runs under a lease, as {@code flock} runs one under a lock. */
@Command(
    name = "run",
    description =
        "Acquires a lease, runs a program, and gives the lease back. The lease is renewed"
            + " meanwhile; when it is lost, the program is killed. Its exit code is that of the"
            + " program. The program finds the fencing token in MAYFLY_FENCE, and MAYFLY_LEASE_ID"
            + " and MAYFLY_URL.")
final class LeaseRunCommand extends Asking {
  private static final Duration RELEASE_MAX = Duration.ofSeconds(2);

  @Mixin private LeaseName name = new LeaseName();

  @Mixin private LeaseWish wish = new LeaseWish();

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The program and its arguments, after --.")
  private List<String> command = new ArrayList<>();

  @Override
  ExitCode ask() {
    throw new IllegalStateException("the program's code is what counts");
  }

  @Override
  public Integer call() throws IOException {
    Lease lease = name.lease();
    Client client = client();
    JsonNode grant = lease.acquire(client, wish.wish());
    String leaseId = grant.path("leaseId").asText();
    Runnable release = () -> release(lease, client, leaseId);
    try (Tenure tenure = new Tenure(lease, client, leaseId, wish.ttl())) {
      return run(tenure, grant, release);
    } finally {
      release.run();
    }
  }

  private int run(Tenure tenure, JsonNode grant, Runnable release) throws IOException {
    Program program;
    try {
      program = Program.start(command, environment(grant), wish.ttl());
    } catch (IOException e) {
      screen().complain("mayfly: Cannot start " + command.get(0) + ": " + e.getMessage());
      return ExitCode.NOT_STARTED.code();
    }
    Thread hook = new Thread(() -> stop(program, release), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      if (program.runUnder(tenure)) {
        return program.exitCode();
      }
      Failure why =
          tenure.lost().getNow(Failure.of(ExitCode.LEASE_LOST, "not renewed in time", ""));
      screen().complain("mayfly: The lease was lost, and the program was killed: " + why.text());
      return ExitCode.LEASE_LOST.code();
    } catch (InterruptedException e) {
      stop(program, release);
      Thread.currentThread().interrupt();
      return ExitCode.LEASE_LOST.code();
    } finally {
      unhook(hook);
    }
  }

  private Map<String, String> environment(JsonNode grant) {
    return Map.of(
        "MAYFLY_FENCE", grant.path("token").asText(),
        "MAYFLY_LEASE_ID", grant.path("leaseId").asText(),
        "MAYFLY_URL", mayfly().server());
  }

  /** Whoever stops this process stops the program, and the lease is free at once. */
  private static void stop(Program program, Runnable release) {
    try {
      program.end();
      release.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is on its way down already, and the hook does the rest.
    }
  }

  /** A lease that is lost, or cannot be given back now, ends by itself. */
  private static void release(Lease lease, Client client, String leaseId) {
    try {
      lease.release(client.within(RELEASE_MAX), leaseId);
    } catch (Failure e) {
      // Nothing to do about it.
    }
  }
}
