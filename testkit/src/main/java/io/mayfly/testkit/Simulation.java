package io.mayfly.testkit;

import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractReading;
import io.mayfly.protocol.contract.Contracts;
import io.mayfly.testkit.sim.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Clients, contracts and faults that are run under many seeds. Every guarantee is checked at every
 * step; the first seed under which one does not hold is made as small as it gets and thrown as a
 * {@link SimulationFailure}.
 *
 * <p>A system property {@code mayfly.seed} runs that seed alone; {@code mayfly.seeds} sets how
 * many.
 */
public final class Simulation {
  private final Map<String, Contract> contracts = new LinkedHashMap<>();
  private final List<Supplier<Behaviour>> clients = new ArrayList<>();
  private final Set<Fault.Kind> faults = EnumSet.noneOf(Fault.Kind.class);
  private int nodes = 3;
  private int faultCount = 6;
  private Duration lasting = Duration.ofMinutes(3);
  private Duration pause = Duration.ofMillis(800);

  private Simulation() {}

  /** A simulation of three nodes without clients and faults. */
  public static Simulation create() {
    return new Simulation();
  }

  /** The namespace has this contract. */
  public Simulation contract(String namespace, Contract contract) {
    contracts.put(namespace, contract);
    return this;
  }

  /**
   * The namespace has this contract.
   *
   * @param json a contract document, whose members that are left out are those of the built-in
   *     default
   * @throws IllegalArgumentException when it breaks the rules of contracts; says all of them
   */
  public Simulation contract(String namespace, String json) {
    ContractReading.Result<Contract> result =
        ContractReading.rules(JsonText.members(json), Contract.STANDARD);
    if (!result.valid()) {
      throw new IllegalArgumentException("contract of " + namespace + ": " + result.violations());
    }
    return contract(namespace, result.read());
  }

  /** So many clients behave like this. */
  public Simulation clients(int count, Supplier<Behaviour> behaviour) {
    IntStream.range(0, count).forEach(i -> clients.add(behaviour));
    return this;
  }

  /** There are so many nodes. */
  public Simulation nodes(int count) {
    nodes = count;
    return this;
  }

  /** These things go wrong, so many times in a run. */
  public Simulation faults(int count, Set<Fault.Kind> kinds) {
    faultCount = count;
    faults.addAll(kinds);
    return this;
  }

  /** Clients act for so long in virtual time. */
  public Simulation lasting(Duration duration) {
    lasting = duration;
    return this;
  }

  /** Clients wait about so long between an answer and their next request. */
  public Simulation pause(Duration duration) {
    pause = duration;
    return this;
  }

  int nodes() {
    return nodes;
  }

  Duration pause() {
    return pause;
  }

  Map<String, Contract> agreed() {
    return contracts;
  }

  Contracts contracts() {
    return Contracts.of(namespace -> contracts.getOrDefault(namespace, Contract.STANDARD));
  }

  Behaviour behaviour(int client) {
    return clients.get(client).get();
  }

  /** Runs one seed and tells what came of it, good or bad. */
  public Outcome run(long seed) {
    return new Run(this, plan(seed), /* told= */ false).play();
  }

  /**
   * Runs seeds from 1, and fails with the first under which a guarantee does not hold.
   *
   * @return what came of each
   * @throws SimulationFailure with a timeline
   */
  public List<Outcome> check(int seeds) {
    List<Outcome> outcomes = new ArrayList<>();
    Long one = Long.getLong("mayfly.seed");
    long first = one == null ? 1 : one;
    long last = one == null ? Integer.getInteger("mayfly.seeds", seeds) : one;
    for (long seed = first; seed <= last; seed++) {
      Outcome outcome = run(seed);
      if (!outcome.good()) {
        throw SimulationFailure.of(shrunk(plan(seed)), outcome);
      }
      outcomes.add(outcome);
    }
    return outcomes;
  }

  /** The smallest run that fails like the one of the seed, which must; with its timeline. */
  public Outcome shrink(long seed) {
    return shrunk(plan(seed));
  }

  private Outcome shrunk(Plan plan) {
    return new Run(this, new Shrinking(this).of(plan), /* told= */ true).play();
  }

  boolean fails(Plan plan) {
    return !new Run(this, plan, /* told= */ false).play().good();
  }

  private Plan plan(long seed) {
    Dice dice = Dice.of(seed, "plan");
    List<Fault> planned = new ArrayList<>();
    List<Fault.Kind> kinds = List.copyOf(faults.isEmpty() ? List.of() : new ArrayList<>(faults));
    for (int i = 0; i < faultCount && !kinds.isEmpty(); i++) {
      Fault.Kind kind = kinds.get(dice.below(kinds.size()));
      planned.add(
          new Fault(
              Duration.ofMillis(dice.between(1_000, lasting.toMillis())),
              kind,
              dice.below(nodes),
              Duration.ofMillis(dice.between(500, 20_000)),
              amount(kind, dice)));
    }
    return new Plan(seed, planned, IntStream.range(0, clients.size()).boxed().toList(), lasting);
  }

  private static double amount(Fault.Kind kind, Dice dice) {
    return switch (kind) {
      case CLOCK_STEP -> dice.between(-2_000, 2_000);
      case CLOCK_DRIFT -> dice.between(-20, 20) / 1_000.0;
      case MOVE -> dice.below(64);
      default -> dice.between(5, 50) / 100.0;
    };
  }
}
