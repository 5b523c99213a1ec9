package io.mayfly.protocol.contract;

import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Idempotency;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Contract.Mutation;
import io.mayfly.protocol.contract.Contract.Reconciliation;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of contract documents: what a member may be, and what it means when it is left out. The
 * one source of bounds for documents and for the configuration.
 *
 * <p>Documents are plain trees: maps, lists, strings, numbers, booleans, and the schema as a {@link
 * Value}.
 */
public final class ContractReading {
  /** The most bytes of CBOR that a schema has. */
  public static final int SCHEMA_BYTES_MAX = 65_536;

  private static final long NUMBER_MAX = (1L << 53) - 1;
  private static final int VALUE_BYTES_MAX = 1 << 20;
  private static final int WRITERS_MAX = 256;
  private static final int WRITER_LENGTH_MAX = 128;
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final List<Violation> violations = new ArrayList<>();
  private final Contract standard;

  private ContractReading(Contract standard) {
    this.standard = standard;
  }

  /**
   * What came of a document.
   *
   * @param read what the document says, with what it leaves out; meaningless unless it is valid
   * @param violations everything that is wrong, in the order of the members
   */
  public record Result<T>(T read, List<Violation> violations) {
    /** Whether nothing is wrong. */
    public boolean valid() {
      return violations.isEmpty();
    }
  }

  /**
   * Reads a whole document. A version in it is ignored, so that a document that was read can be
   * edited and put back.
   *
   * @param namespace the one that the request names; a document that names another is invalid
   * @param standard the source of what is left out
   */
  public static Result<ContractDocument> document(
      Map<String, ?> tree, String namespace, Contract standard) {
    ContractReading reading = new ContractReading(standard);
    Members root = Members.root(tree, reading.violations);
    reading.requireNamespace(root, namespace);
    root.skip("version");
    String owner = root.text("owner", ContractDocument.OWNER_LENGTH_MAX);
    String description = root.text("description", ContractDocument.DESCRIPTION_LENGTH_MAX);
    Value schema = reading.schema(root);
    Contract contract = reading.contract(root).withSchema(schema);
    root.refuseOthers();
    return new Result<>(
        new ContractDocument(namespace, 0, owner, description, contract),
        List.copyOf(reading.violations));
  }

  /**
   * Reads the rules alone, without owner, description and schema.
   *
   * @param standard the source of what is left out
   */
  public static Result<Contract> rules(Map<String, ?> tree, Contract standard) {
    ContractReading reading = new ContractReading(standard);
    Members root = Members.root(tree, reading.violations);
    Contract contract = reading.contract(root);
    root.refuseOthers();
    return new Result<>(contract, List.copyOf(reading.violations));
  }

  private void requireNamespace(Members root, String namespace) {
    Object named = root.take("namespace");
    if (named != null && !named.equals(namespace)) {
      root.broken("namespace", "The namespace is that of the path: " + namespace + ".");
    }
  }

  private Contract contract(Members root) {
    return new Contract(
        lifetime(root.object("lifetime")),
        root.word("durability", Durability.values(), Durability::text, standard.durability()),
        mutation(root.object("mutation")),
        reconciliation(root.object("reconciliation")),
        idempotency(root.object("idempotency")),
        history(root.object("history")),
        limits(root.object("limits")),
        root.word("privacy", Privacy.values(), Privacy::text, standard.privacy()),
        standard.schema());
  }

  private Lifetime lifetime(Members members) {
    Lifetime base = standard.lifetime();
    int before = violations.size();
    Lifetime lifetime =
        new Lifetime(
            members.duration("default", SHORTEST, base.standard()),
            members.duration("min", SHORTEST, base.min()),
            members.duration("max", SHORTEST, base.max()),
            members.word("renewal", Renewal.values(), Renewal::text, base.renewal()),
            members.duration("total", SHORTEST, base.total()),
            members.duration("tombstone", Duration.ZERO, base.tombstone()));
    members.refuseOthers();
    if (violations.size() == before) {
      requireOrder(members, lifetime);
    }
    return lifetime;
  }

  private static void requireOrder(Members members, Lifetime lifetime) {
    if (lifetime.min().compareTo(lifetime.max()) > 0) {
      members.broken("max", "The longest time to live is at least lifetime.min.");
    }
    if (lifetime.standard().compareTo(lifetime.min()) < 0) {
      members.broken("default", "The time to live is at least lifetime.min.");
    }
    if (lifetime.standard().compareTo(lifetime.max()) > 0) {
      members.broken("default", "The time to live is at most lifetime.max.");
    }
    if (lifetime.standard().compareTo(lifetime.total()) > 0) {
      members.broken("total", "The longest life is at least lifetime.default.");
    }
  }

  private Mutation mutation(Members members) {
    Mutation base = standard.mutation();
    Mutation mutation =
        new Mutation(
            writers(members, base.writers()),
            members.required("precondition", base.preconditionRequired()),
            members.required("fence", base.fenceRequired()),
            transitions(members.object("transitions"), base));
    members.refuseOthers();
    return mutation;
  }

  private static Set<String> writers(Members members, Set<String> base) {
    return members.texts(
        "writers",
        WRITERS_MAX,
        writer ->
            !writer.isEmpty()
                && writer.length() <= WRITER_LENGTH_MAX
                && writer.chars().allMatch(c -> c > ' ' && c < 0x7F),
        "1 to " + WRITER_LENGTH_MAX + " visible ASCII characters",
        base);
  }

  private static Map<Transition, Flag> transitions(Members members, Mutation base) {
    Map<Transition, Flag> flags = new EnumMap<>(Transition.class);
    for (Transition transition : Transition.values()) {
      flags.put(
          transition,
          members.word(transition.text(), Flag.values(), Flag::text, base.flag(transition)));
    }
    members.refuseOthers();
    return Map.copyOf(flags);
  }

  private Reconciliation reconciliation(Members members) {
    Reconciliation base = standard.reconciliation();
    Ordering ordering =
        members.word("ordering", Ordering.values(), Ordering::text, base.ordering());
    Gaps gaps = members.word("gaps", Gaps.values(), Gaps::text, base.gaps());
    Method method = members.word("method", Method.values(), Method::text, base.method());
    members.refuseOthers();
    return new Reconciliation(ordering, gaps, method);
  }

  private Idempotency idempotency(Members members) {
    Idempotency base = standard.idempotency();
    Idempotency idempotency =
        new Idempotency(
            members.duration("window", SHORTEST, base.window()),
            (int) members.number("keys", 1, Idempotency.KEYS_MAX, base.keys()));
    members.refuseOthers();
    return idempotency;
  }

  private History history(Members members) {
    History history =
        new History((int) members.number("revisions", 1, 1_000, standard.history().revisions()));
    members.refuseOthers();
    return history;
  }

  private Limits limits(Members members) {
    Limits base = standard.limits();
    Limits limits =
        new Limits(
            (int) members.number("valueBytes", 1, VALUE_BYTES_MAX, base.valueBytes()),
            members.number("keys", 0, NUMBER_MAX, base.keys()),
            (int) members.number("queuePerKey", 1, 65_536, base.queuePerKey()),
            (int) members.number("inFlight", 1, 1_048_576, base.inFlight()),
            (int) members.number("ratePerSecond", 0, 1_000_000_000, base.ratePerSecond()));
    members.refuseOthers();
    return limits;
  }

  private @Nullable Value schema(Members root) {
    if (!root.has("schema")) {
      return standard.schema();
    }
    if (!(root.take("schema") instanceof Value schema) || !mayBeSchema(schema)) {
      root.broken("schema", "A schema is an object, true or false; it is left out for any value.");
      return null;
    }
    if (schema.size() > SCHEMA_BYTES_MAX) {
      root.broken("schema", "A schema has at most " + SCHEMA_BYTES_MAX + " bytes of CBOR.");
      return null;
    }
    return schema;
  }

  /** Whether the CBOR item is a map or a boolean. */
  private static boolean mayBeSchema(Value value) {
    int head = value.cbor()[0] & 0xFF;
    return head >> 5 == 5 || head == 0xF4 || head == 0xF5;
  }
}
