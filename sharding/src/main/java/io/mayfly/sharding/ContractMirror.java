package io.mayfly.sharding;

import io.mayfly.actors.contract.ContractAnswer;
import io.mayfly.actors.contract.ContractAnswer.Changed;
import io.mayfly.actors.contract.ContractAnswer.Changes;
import io.mayfly.actors.contract.ContractCommand.Follow;
import io.mayfly.actors.contract.ContractRequest;
import io.mayfly.protocol.contract.ContractDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Follows the registry and keeps this node's copy of all documents.
 *
 * <p>It asks for what changed at short intervals, and whenever somebody must be sure to see the
 * last change. A question that gets lost is repeated by the next one, so none has a timeout.
 *
 * <p>Invariant: what is published is the registry's state after some change, never a part of it.
 */
final class ContractMirror extends AbstractBehavior<ContractMirror.Message> {
  /** What the mirror understands. */
  sealed interface Message {}

  private record Look() implements Message {}

  private record Arrived(ContractAnswer answer) implements Message {}

  /**
   * Asks to be told when everything is published that was changed before this message.
   *
   * @param told run by the mirror: it must not block
   */
  record Sync(Runnable told) implements Message {}

  private record Waiting(long inquiry, Runnable told) {}

  private static final int WAITING_MAX = 10_000;

  private final ActorRef<ContractRequest> registry;
  private final ActorRef<ContractAnswer> answers;
  private final Consumer<InForce> publish;
  private final Map<String, InForce.Agreed> documents = new HashMap<>();
  private List<Waiting> waiting = new ArrayList<>();
  private long known;
  private long inquiry;
  private boolean dirty = true;

  /**
   * A mirror.
   *
   * @param publish takes over what is in force from now on
   * @param interval the time between two looks
   */
  static Behavior<Message> create(
      ActorRef<ContractRequest> registry, Consumer<InForce> publish, Duration interval) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(new Look(), Duration.ZERO, interval);
                  return new ContractMirror(context, registry, publish);
                }));
  }

  private ContractMirror(
      ActorContext<Message> context,
      ActorRef<ContractRequest> registry,
      Consumer<InForce> publish) {
    super(context);
    this.registry = registry;
    this.publish = publish;
    this.answers = context.messageAdapter(ContractAnswer.class, Arrived::new);
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Look.class, look -> onLook())
        .onMessage(Sync.class, this::onSync)
        .onMessage(Arrived.class, this::onArrived)
        .build();
  }

  private Behavior<Message> onLook() {
    ask();
    return this;
  }

  /** While the registry cannot be reached, whoever comes last is not told, and times out. */
  private Behavior<Message> onSync(Sync sync) {
    if (waiting.size() < WAITING_MAX) {
      waiting.add(new Waiting(ask(), sync.told()));
    }
    return this;
  }

  private long ask() {
    inquiry++;
    registry.tell(new ContractRequest(new Follow(inquiry, known), answers));
    return inquiry;
  }

  private Behavior<Message> onArrived(Arrived arrived) {
    if (arrived.answer() instanceof Changes changes) {
      if (changes.after() == known) {
        apply(changes);
      }
      if (known >= changes.head()) {
        settle(changes.inquiry());
      } else if (changes.inquiry() == inquiry) {
        askOn();
      }
    }
    return this;
  }

  private void apply(Changes changes) {
    if (changes.anew()) {
      documents.clear();
    }
    for (Changed changed : changes.changed()) {
      ContractDocument document = changed.document();
      if (document == null) {
        documents.remove(changed.namespace());
      } else {
        documents.put(changed.namespace(), new InForce.Agreed(document));
      }
    }
    dirty |= changes.anew() || !changes.changed().isEmpty();
    known = changes.upTo();
  }

  /** Everything up to the registry's head at this question is here. */
  private void settle(long answered) {
    if (dirty) {
      publish.accept(new InForce(documents.values()));
      dirty = false;
    }
    Iterator<Waiting> all = waiting.iterator();
    while (all.hasNext()) {
      Waiting each = all.next();
      if (each.inquiry() <= answered) {
        all.remove();
        each.told().run();
      }
    }
  }

  /** There is more: whoever waits, waits for the next answer. */
  private void askOn() {
    long next = ask();
    List<Waiting> later = new ArrayList<>();
    waiting.forEach(each -> later.add(new Waiting(next, each.told())));
    waiting = later;
  }
}
