package io.mayfly.protocol.contract;

import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Violation;
import java.util.List;

/** What a contract's schema asks of a value. Pure: the same value always breaks the same rules. */
@FunctionalInterface
public interface ValueRule {

  /** Any value will do. */
  ValueRule NONE = value -> List.of();

  /** The rules that the value breaks; empty when it meets them all. */
  List<Violation> broken(Value value);
}
