package io.mayfly.testkit;

import java.time.Duration;
import java.util.List;

/**
 * All that distinguishes one run from another of the same simulation: with the same plan it runs
 * the same way.
 *
 * @param clients the numbers of the clients that take part
 * @param traffic how long they do
 */
record Plan(long seed, List<Fault> faults, List<Integer> clients, Duration traffic) {
  Plan withFaults(List<Fault> other) {
    return new Plan(seed, List.copyOf(other), clients, traffic);
  }

  Plan withClients(List<Integer> other) {
    return new Plan(seed, faults, List.copyOf(other), traffic);
  }

  Plan withTraffic(Duration other) {
    return new Plan(seed, faults, clients, other);
  }
}
