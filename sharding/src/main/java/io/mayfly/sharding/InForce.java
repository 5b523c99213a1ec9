package io.mayfly.sharding;

import io.mayfly.actors.schema.Schemas;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents of one moment. Never changed once it is made, so any thread may read it. */
final class InForce {
  /** No document at all. */
  static final InForce NOTHING = new InForce(List.of());

  private final Map<String, Agreed> byNamespace = new HashMap<>();
  private final IdentityHashMap<Contract, ValueRule> rules = new IdentityHashMap<>();

  /** A document with the rule of its schema, which is understood when it is first needed. */
  static final class Agreed {
    private final ContractDocument document;
    private final ValueRule rule;

    Agreed(ContractDocument document) {
      this.document = document;
      this.rule = ruleOf(document.contract());
    }
  }

  /** The rule of a contract that nobody knows. */
  static ValueRule ruleOf(Contract contract) {
    Value schema = contract.schema();
    return schema == null
        ? ValueRule.NONE
        : new LateRule(schema, contract.privacy().confidential());
  }

  InForce(Collection<Agreed> agreed) {
    for (Agreed each : agreed) {
      byNamespace.put(each.document.namespace(), each);
      rules.put(each.document.contract(), each.rule);
    }
  }

  @Nullable Contract contract(String namespace) {
    Agreed agreed = byNamespace.get(namespace);
    return agreed == null ? null : agreed.document.contract();
  }

  @Nullable ContractDocument document(String namespace) {
    Agreed agreed = byNamespace.get(namespace);
    return agreed == null ? null : agreed.document;
  }

  /** All documents in the order of their namespaces. */
  List<ContractDocument> documents() {
    return byNamespace.values().stream()
        .map(agreed -> agreed.document)
        .sorted(Comparator.comparing(ContractDocument::namespace))
        .toList();
  }

  /** The rule of a contract of this moment; of another one, one that is made for it. */
  ValueRule rule(Contract contract) {
    ValueRule rule = rules.get(contract);
    return rule == null ? ruleOf(contract) : rule;
  }

  /** A rule that reads its schema once, when the first value comes. */
  private static final class LateRule implements ValueRule {
    private final Value schema;
    private final boolean confidential;
    private volatile @Nullable ValueRule read;

    private LateRule(Value schema, boolean confidential) {
      this.schema = schema;
      this.confidential = confidential;
    }

    @Override
    public List<Violation> broken(Value value) {
      ValueRule rule = read;
      if (rule == null) {
        rule = Schemas.rule(schema, confidential);
        read = rule;
      }
      return rule.broken(value);
    }
  }
}
