package shop;

import io.mayfly.testkit.Behaviour;
import io.mayfly.testkit.Entry;
import io.mayfly.testkit.Fault;
import io.mayfly.testkit.Simulation;
import io.mayfly.testkit.sim.Dice;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class CheckoutTest {
  @Test
  void checkout_holds_whateverHappens() {
    Simulation.create()
        .contract("carts", "{\"lifetime\": {\"default\": \"10m\", \"renewal\": \"sliding\"}}")
        .clients(3, Shopper::new)
        .faults(5, EnumSet.allOf(Fault.Kind.class))
        .lasting(Duration.ofMinutes(10))
        .check(20);
  }

  /** Fills a cart from several devices, looks into it, and in the end checks out. */
  static class Shopper implements Behaviour {
    @Override
    public Act next(Dice dice, long number) {
      Entry cart = Entry.of("carts/alice").once("click-" + number);
      return switch (dice.below(20)) {
        case 0 -> cart.delete();
        case 1, 2, 3, 4, 5 -> cart.read();
        case 6, 7 -> cart.put("{\"items\": []}");
        default -> cart.patch("{\"item-" + dice.below(9) + "\": " + number + "}");
      };
    }
  }
}
