package io.mayfly.sharding;

import com.typesafe.config.Config;
import io.mayfly.actors.contract.ContractEntity;
import io.mayfly.actors.contract.ContractRequest;
import io.mayfly.actors.contract.ContractRules;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractRegistry;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.ValueRule;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * This node's copy of all contracts, which follows the one registry of the cluster.
 *
 * <p>A lookup is one read of a map that never changes. A change that is answered is seen by every
 * later request to the node that answered it, and to any other within a second.
 */
public final class ReplicatedContracts implements Contracts {
  private final ActorSystem<?> system;
  private final Config config;
  private final Contract standard;
  private final InstantSource clock;
  private final ActorRef<ContractRequest> registry;
  private final ActorRef<ContractMirror.Message> mirror;
  private volatile InForce inForce = InForce.NOTHING;

  /**
   * Starts the registry and this node's copy, on a node that has joined, or is about to join, its
   * cluster.
   *
   * @param standard the contract of a namespace without one, and what a document leaves out
   */
  public static ReplicatedContracts start(
      ActorSystem<?> system, Contract standard, InstantSource clock) {
    Config sharding = system.settings().config().getConfig("mayfly.sharding");
    return start(system, new ClusterShards(system, sharding), standard, clock);
  }

  /**
   * Starts the registry and this node's copy.
   *
   * @param shards host the registry
   * @param standard the contract of a namespace without one, and what a document leaves out
   */
  public static ReplicatedContracts start(
      ActorSystem<?> system, Shards shards, Contract standard, InstantSource clock) {
    return new ReplicatedContracts(system, shards, standard, clock);
  }

  private ReplicatedContracts(
      ActorSystem<?> system, Shards shards, Contract standard, InstantSource clock) {
    this.system = system;
    this.config = system.settings().config().getConfig("mayfly.contract.registry");
    this.standard = standard;
    this.clock = clock;
    this.registry = shards.host(registry());
    this.mirror =
        shards.local(
            "contracts",
            ContractMirror.create(
                registry, found -> inForce = found, config.getDuration("poll-interval")));
  }

  /** All requests go to the one actor. */
  private Shards.Kind<ContractRequest> registry() {
    ContractRules rules =
        new ContractRules(
            standard,
            config.getInt("contracts-max"),
            config.getBytes("bytes-max"),
            config.getInt("page-documents"),
            config.getBytes("page-bytes"));
    int snapshotEvery = config.getInt("snapshot-every");
    return new Shards.Kind<>(
        "contract",
        ContractRequest.class,
        request -> "registry",
        /* passivates= */ false,
        place -> ContractEntity.create(rules, clock, snapshotEvery));
  }

  /** The version of each namespace's document. */
  public Map<String, Long> versions() {
    Map<String, Long> versions = new HashMap<>();
    for (ContractDocument document : inForce.documents()) {
      versions.put(document.namespace(), document.version());
    }
    return versions;
  }

  /** Completes when everything that was in force before this call is in force here. */
  public CompletionStage<Void> restored() {
    return synced();
  }

  /** The documents, and the way to change them. */
  public ContractRegistry registry(Keyspace keyspace) {
    LiveEntries entries =
        new LiveEntries(
            keyspace.ofTheHouse(),
            keyspace.ledger(),
            clock,
            config.getInt("check-batch"),
            system.executionContext());
    return new ShardedContracts(system, this, entries);
  }

  @Override
  public Contract of(String namespace) {
    Contract contract = inForce.contract(namespace);
    return contract == null ? standard : contract;
  }

  @Override
  public ValueRule ruleOf(Contract contract) {
    return contract.schema() == null ? ValueRule.NONE : inForce.rule(contract);
  }

  Contract standard() {
    return standard;
  }

  ActorRef<ContractRequest> changes() {
    return registry;
  }

  InForce inForce() {
    return inForce;
  }

  /** Completes, on the mirror's thread, when all that was changed before this call is here. */
  CompletableFuture<Void> synced() {
    CompletableFuture<Void> synced = new CompletableFuture<>();
    mirror.tell(new ContractMirror.Sync(() -> synced.complete(null)));
    return synced;
  }
}
