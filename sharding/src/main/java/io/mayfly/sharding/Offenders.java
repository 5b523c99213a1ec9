package io.mayfly.sharding;

import io.mayfly.actors.contract.Compatibility;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import io.mayfly.protocol.ledger.LedgerRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live entries that stand against a change, by the rule that they would break. */
final class Offenders {
  /** How many entries are named for a rule; with one more, the walk may stop. */
  static final int ENOUGH = 10;

  /** What a rule is called, and where it stands in the document. */
  private record Rule(String name, String pointer, String why) {}

  private static final Rule NAMESPACE = new Rule("namespace", "", "would lose their contract");
  private static final Rule DURABILITY =
      new Rule("durability", "/durability", "are kept elsewhere");
  private static final Rule ORDERING =
      new Rule("reconciliation.ordering", "/reconciliation/ordering", "are ordered otherwise");
  private static final Rule METHOD =
      new Rule("reconciliation.method", "/reconciliation/method", "are reconciled otherwise");
  private static final Rule SCHEMA = new Rule("schema", "/schema", "break the schema");
  private static final Rule VALUE_BYTES =
      new Rule("limits.valueBytes", "/limits/valueBytes", "are larger");

  private final Map<Rule, List<String>> keys = new LinkedHashMap<>();
  private final List<Rule> anyBreaks = new ArrayList<>();
  private final boolean confidential;
  private final int valueBytesMax;
  private final @Nullable ValueRule schema;

  /** Those that would break another contract. */
  Offenders(Compatibility compatibility, Contract after, ValueRule rule) {
    this.confidential = after.privacy().confidential();
    this.valueBytesMax = compatibility.narrows() ? after.limits().valueBytes() : Integer.MAX_VALUE;
    this.schema = compatibility.judges() ? rule : null;
    if (compatibility.moves()) {
      anyBreaks.add(DURABILITY);
    }
    if (compatibility.reorders()) {
      anyBreaks.add(ORDERING);
    }
    if (compatibility.remerges()) {
      anyBreaks.add(METHOD);
    }
  }

  private Offenders(boolean confidential) {
    this.confidential = confidential;
    this.valueBytesMax = Integer.MAX_VALUE;
    this.schema = null;
    anyBreaks.add(NAMESPACE);
  }

  /** Every entry stands against a withdrawal. */
  static Offenders ofAny(boolean confidential) {
    return new Offenders(confidential);
  }

  void takeRow(LedgerRow row) {
    anyBreaks.forEach(rule -> note(rule, row));
  }

  void takeValue(LedgerRow row, Value value) {
    if (value.size() > valueBytesMax) {
      note(VALUE_BYTES, row);
    }
    if (schema != null && !schema.broken(value).isEmpty()) {
      note(SCHEMA, row);
    }
  }

  private void note(Rule rule, LedgerRow row) {
    List<String> offending = keys.computeIfAbsent(rule, unused -> new ArrayList<>());
    if (offending.size() <= ENOUGH) {
      offending.add(row.id().key());
    }
  }

  /** Whether every rule that is broken at all has offenders enough. */
  boolean enough() {
    return !keys.isEmpty() && keys.values().stream().allMatch(list -> list.size() > ENOUGH);
  }

  List<Violation> violations() {
    return keys.entrySet().stream().map(each -> violation(each.getKey(), each.getValue())).toList();
  }

  /** Keys are named unless they may be about a person; values never are. */
  private Violation violation(Rule rule, List<String> offending) {
    String count =
        offending.size() > ENOUGH ? "more than " + ENOUGH : Integer.toString(offending.size());
    String named =
        confidential
            ? ""
            : " ("
                + String.join(", ", offending.subList(0, Math.min(ENOUGH, offending.size())))
                + ')';
    return new Violation(
        rule.name(),
        rule.pointer(),
        "Live entries that " + rule.why() + ": " + count + named + '.');
  }
}
