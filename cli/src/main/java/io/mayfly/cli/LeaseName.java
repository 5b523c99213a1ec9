package io.mayfly.cli;

import io.mayfly.cli.lease.Lease;
import picocli.CommandLine.Parameters;

/** Which lease a command is about. */
final class LeaseName {
  @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
  private String namespace = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "The resource: any text.")
  private String name = "";

  Lease lease() {
    return new Lease(namespace, name);
  }
}
