package io.mayfly.testkit.check;

import io.mayfly.testkit.check.Operation.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a history of one register, empty at first, can be explained by single steps, each taken
 * between the call and the answer of its operation. The search of Wing and Gong, with Lowe's memory
 * of what was tried: an order of the same operations that left the same value is tried once.
 *
 * <p>Every write of a value must have one of its own; ends may be many.
 */
public final class Linearizability {
  private final List<Operation> operations;
  private final Set<Tried> tried = new HashSet<>();
  private final BitSet done = new BitSet();
  private OptionalLong value = OptionalLong.empty();
  private int certainLeft;

  /** What was done, and what that left. */
  private record Tried(BitSet done, OptionalLong value) {}

  /** A step of the search: what is done next, and which are left to try in its place. */
  private static final class Step {
    private final List<Integer> candidates;
    private final OptionalLong before;
    private int next;

    private Step(List<Integer> candidates, OptionalLong before) {
      this.candidates = candidates;
      this.before = before;
    }
  }

  private Linearizability(List<Operation> history) {
    Set<OptionalLong> seen =
        history.stream()
            .filter(operation -> operation.kind() == Kind.READ)
            .map(Operation::value)
            .collect(Collectors.toSet());
    operations =
        history.stream()
            // A write that nobody is sure of and nobody saw explains nothing.
            .filter(operation -> operation.certain() || seen.contains(operation.value()))
            .sorted(Comparator.comparingLong(Operation::calledNanos))
            .toList();
    certainLeft = (int) operations.stream().filter(Operation::certain).count();
  }

  /** Whether the history of one key is linearizable. */
  public static boolean holds(List<Operation> history) {
    return new Linearizability(history).search();
  }

  private boolean search() {
    Deque<Step> steps = new ArrayDeque<>();
    steps.push(new Step(candidates(), value));
    while (certainLeft > 0) {
      Step step = steps.element();
      if (step.next == step.candidates.size()) {
        steps.pop();
        if (steps.isEmpty()) {
          return false;
        }
        undo(steps.element());
      } else {
        int chosen = step.candidates.get(step.next++);
        if (take(chosen)) {
          steps.push(new Step(candidates(), value));
        }
      }
    }
    return true;
  }

  /**
   * What may come next: whatever was called before the first answer that is still to be explained.
   */
  private List<Integer> candidates() {
    long firstAnswer = Long.MAX_VALUE;
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      firstAnswer = Math.min(firstAnswer, operations.get(i).answeredNanos());
    }
    List<Integer> certain = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      if (operations.get(i).calledNanos() > firstAnswer) {
        break;
      }
      (operations.get(i).certain() ? certain : others).add(i);
    }
    certain.addAll(others);
    return certain;
  }

  /** Does an operation, if it is possible here and was not tried before. */
  private boolean take(int index) {
    Operation operation = operations.get(index);
    if (operation.kind() == Kind.READ && !operation.value().equals(value)) {
      return false;
    }
    done.set(index);
    OptionalLong after = operation.kind() == Kind.WRITE ? operation.value() : value;
    if (!tried.add(new Tried((BitSet) done.clone(), after))) {
      done.clear(index);
      return false;
    }
    value = after;
    certainLeft -= operation.certain() ? 1 : 0;
    return true;
  }

  private void undo(Step step) {
    int index = step.candidates.get(step.next - 1);
    done.clear(index);
    value = step.before;
    certainLeft += operations.get(index).certain() ? 1 : 0;
  }
}
