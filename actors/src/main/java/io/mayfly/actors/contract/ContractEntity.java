package io.mayfly.actors.contract;

import java.time.Duration;
import java.time.InstantSource;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/** Hosts the registry. Answers leave after the journal has the events on disk. */
public final class ContractEntity
    extends EventSourcedBehaviorWithEnforcedReplies<ContractRequest, ContractEvent, ContractState> {
  /** The name of the registry in the journal. */
  public static final PersistenceId PERSISTENCE_ID = PersistenceId.of("contract", "registry");

  private final ContractRules rules;
  private final InstantSource clock;
  private final int snapshotEvery;

  /**
   * The one registry of a cluster.
   *
   * @param snapshotEvery how many events lie between two snapshots
   */
  public static Behavior<ContractRequest> create(
      ContractRules rules, InstantSource clock, int snapshotEvery) {
    return new ContractEntity(rules, clock, snapshotEvery);
  }

  private ContractEntity(ContractRules rules, InstantSource clock, int snapshotEvery) {
    super(
        PERSISTENCE_ID,
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    this.rules = rules;
    this.clock = clock;
    this.snapshotEvery = snapshotEvery;
  }

  @Override
  public ContractState emptyState() {
    return ContractState.INITIAL;
  }

  @Override
  public CommandHandlerWithReply<ContractRequest, ContractEvent, ContractState> commandHandler() {
    return this::onRequest;
  }

  @Override
  public EventHandler<ContractState, ContractEvent> eventHandler() {
    return (state, event) -> event.applyTo(state);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(snapshotEvery, 1).withDeleteEventsOnSnapshot();
  }

  private ReplyEffect<ContractEvent, ContractState> onRequest(
      ContractState state, ContractRequest request) {
    ContractDecision decision =
        request.command().match(new ContractDeciding(state, rules), clock.millis());
    return Effect()
        .persist(decision.events())
        .thenReply(request.replyTo(), unused -> decision.answer());
  }
}
