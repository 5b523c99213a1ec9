package io.mayfly.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * All commands by name. Each is made when it is needed: to read the annotations of all of them
 * takes longer than most requests do.
 */
final class Commands {
  private static final Map<String, Supplier<Object>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("get", GetCommand::new);
    ALL.put("put", PutCommand::new);
    ALL.put("patch", PatchCommand::new);
    ALL.put("delete", DeleteCommand::new);
    ALL.put("touch", TouchCommand::new);
    ALL.put("incr", IncrementCommand::new);
    ALL.put("ls", ListCommand::new);
    ALL.put("watch", WatchCommand::new);
    ALL.put("history", HistoryCommand::new);
    ALL.put("rollback", RollbackCommand::new);
    ALL.put("lease", LeaseCommand::new);
    ALL.put("contract", ContractCommand::new);
    ALL.put("pressure", PressureCommand::new);
    ALL.put("reconcile", ReconcileCommand::new);
    ALL.put("batch", BatchCommand::new);
    ALL.put("export", ExportCommand::new);
    ALL.put("import", ImportCommand::new);
    ALL.put("completion", CompletionCommand::new);
  }

  private Commands() {}

  /** Adds those commands that the arguments may mean; all where they name none. */
  static void addTo(CommandLine root, String... args) {
    List<String> named = Arrays.stream(args).filter(ALL::containsKey).distinct().toList();
    for (String name : named.isEmpty() ? ALL.keySet() : named) {
      root.addSubcommand(ALL.getOrDefault(name, Object::new).get());
    }
  }

  /** The names. */
  static Set<String> names() {
    return ALL.keySet();
  }
}
