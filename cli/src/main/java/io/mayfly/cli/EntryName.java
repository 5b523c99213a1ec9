package io.mayfly.cli;

import io.mayfly.cli.client.Target;
import picocli.CommandLine.Parameters;

/** Which entry a command is about. */
final class EntryName {
  @Parameters(index = "0", paramLabel = "NAMESPACE", description = "The namespace.")
  private String namespace = "";

  @Parameters(index = "1", paramLabel = "KEY", description = "The key: any text.")
  private String key = "";

  Target target() {
    return Target.entry(namespace, key);
  }

  String namespace() {
    return namespace;
  }

  String key() {
    return key;
  }
}
