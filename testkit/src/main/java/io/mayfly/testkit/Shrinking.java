package io.mayfly.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes a plan that fails smaller while it still does: less time, fewer faults, fewer clients. */
final class Shrinking {
  private static final int ATTEMPTS_MAX = 60;

  private final Simulation simulation;
  private int attempts;

  Shrinking(Simulation simulation) {
    this.simulation = simulation;
  }

  Plan of(Plan failing) {
    Plan smallest = shorter(failing);
    smallest = withoutFaults(smallest);
    smallest = withoutClients(smallest);
    return shorter(smallest);
  }

  private boolean fails(Plan plan) {
    return attempts++ < ATTEMPTS_MAX && simulation.fails(plan);
  }

  private Plan shorter(Plan plan) {
    Plan smallest = plan;
    Duration step = plan.traffic().dividedBy(2);
    while (step.compareTo(Duration.ofSeconds(1)) > 0) {
      Plan candidate = smallest.withTraffic(smallest.traffic().minus(step));
      if (fails(candidate)) {
        smallest = candidate;
      }
      step = step.dividedBy(2);
    }
    return smallest;
  }

  private Plan withoutFaults(Plan plan) {
    Plan smallest = plan;
    for (int i = plan.faults().size() - 1; i >= 0; i--) {
      List<Fault> fewer = new ArrayList<>(smallest.faults());
      fewer.remove(i);
      Plan candidate = smallest.withFaults(fewer);
      if (fails(candidate)) {
        smallest = candidate;
      }
    }
    return smallest;
  }

  private Plan withoutClients(Plan plan) {
    Plan smallest = plan;
    for (int i = plan.clients().size() - 1; i >= 0 && smallest.clients().size() > 1; i--) {
      List<Integer> fewer = new ArrayList<>(smallest.clients());
      fewer.remove(i);
      Plan candidate = smallest.withClients(fewer);
      if (fails(candidate)) {
        smallest = candidate;
      }
    }
    return smallest;
  }
}
