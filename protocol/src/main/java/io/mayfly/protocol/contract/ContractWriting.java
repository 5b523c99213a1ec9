package io.mayfly.protocol.contract;

import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Contract.Mutation;
import io.mayfly.protocol.contract.Contract.Reconciliation;
import io.mayfly.protocol.time.DurationText;
import java.util.LinkedHashMap;
import java.util.Map;

/** Contract documents as plain trees, which {@link ContractReading} reads back unchanged. */
public final class ContractWriting {
  private ContractWriting() {}

  /** The whole document: every member, in the order of the documentation; a schema if any. */
  public static Map<String, Object> document(ContractDocument document) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("namespace", document.namespace());
    tree.put("version", document.version());
    tree.put("owner", document.owner());
    tree.put("description", document.description());
    tree.putAll(rules(document.contract()));
    return tree;
  }

  /** The rules alone. */
  public static Map<String, Object> rules(Contract contract) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("lifetime", lifetime(contract.lifetime()));
    tree.put("durability", contract.durability().text());
    tree.put("mutation", mutation(contract.mutation()));
    tree.put("reconciliation", reconciliation(contract.reconciliation()));
    Map<String, Object> idempotency = new LinkedHashMap<>();
    idempotency.put("window", DurationText.format(contract.idempotency().window()));
    idempotency.put("keys", contract.idempotency().keys());
    tree.put("idempotency", idempotency);
    tree.put("history", Map.of("revisions", contract.history().revisions()));
    tree.put("limits", limits(contract.limits()));
    tree.put("privacy", contract.privacy().text());
    if (contract.schema() != null) {
      tree.put("schema", contract.schema());
    }
    return tree;
  }

  private static Map<String, Object> lifetime(Lifetime lifetime) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("default", DurationText.format(lifetime.standard()));
    tree.put("min", DurationText.format(lifetime.min()));
    tree.put("max", DurationText.format(lifetime.max()));
    tree.put("renewal", lifetime.renewal().text());
    tree.put("total", DurationText.format(lifetime.total()));
    tree.put("tombstone", DurationText.format(lifetime.tombstone()));
    return tree;
  }

  private static Map<String, Object> mutation(Mutation mutation) {
    Map<String, Object> flags = new LinkedHashMap<>();
    for (Transition transition : Transition.values()) {
      flags.put(transition.text(), mutation.flag(transition).text());
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("writers", mutation.writers().stream().sorted().toList());
    tree.put("precondition", mutation.preconditionRequired() ? "required" : "optional");
    tree.put("fence", mutation.fenceRequired() ? "required" : "optional");
    tree.put("transitions", flags);
    return tree;
  }

  private static Map<String, Object> reconciliation(Reconciliation reconciliation) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("ordering", reconciliation.ordering().text());
    tree.put("gaps", reconciliation.gaps().text());
    tree.put("method", reconciliation.method().text());
    return tree;
  }

  private static Map<String, Object> limits(Limits limits) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("valueBytes", limits.valueBytes());
    tree.put("keys", limits.keys());
    tree.put("queuePerKey", limits.queuePerKey());
    tree.put("inFlight", limits.inFlight());
    tree.put("ratePerSecond", limits.ratePerSecond());
    return tree;
  }
}
