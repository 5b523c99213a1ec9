package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EntryCommand;
import java.util.Set;

/** Which of the contract's transitions a command would make in a state. */
final class Transitions implements EntryCommand.Cases<EntryState, Set<Transition>> {
  private static final Transitions CASES = new Transitions();
  private static final Set<Transition> CREATE = Set.of(Transition.CREATE);
  private static final Set<Transition> REPLACE = Set.of(Transition.REPLACE);
  private static final Set<Transition> PATCH = Set.of(Transition.PATCH);
  private static final Set<Transition> INCREMENT = Set.of(Transition.INCREMENT);
  private static final Set<Transition> BEGIN_COUNTING =
      Set.of(Transition.CREATE, Transition.INCREMENT);
  private static final Set<Transition> TOUCH = Set.of(Transition.TOUCH);
  private static final Set<Transition> DELETE = Set.of(Transition.DELETE);
  private static final Set<Transition> ROLLBACK = Set.of(Transition.ROLLBACK);

  private Transitions() {}

  static Set<Transition> of(EntryState state, EntryCommand command) {
    return command.match(CASES, state);
  }

  @Override
  public Set<Transition> put(EntryCommand.Put command, EntryState state) {
    return state.current() == null ? CREATE : REPLACE;
  }

  @Override
  public Set<Transition> patch(EntryCommand.Patch command, EntryState state) {
    return PATCH;
  }

  @Override
  public Set<Transition> increment(EntryCommand.Increment command, EntryState state) {
    return state.current() == null ? BEGIN_COUNTING : INCREMENT;
  }

  @Override
  public Set<Transition> touch(EntryCommand.Touch command, EntryState state) {
    return TOUCH;
  }

  @Override
  public Set<Transition> delete(EntryCommand.Delete command, EntryState state) {
    return DELETE;
  }

  @Override
  public Set<Transition> rollback(EntryCommand.Rollback command, EntryState state) {
    return ROLLBACK;
  }

  @Override
  public Set<Transition> end(EntryCommand.End command, EntryState state) {
    return Set.of();
  }

  @Override
  public Set<Transition> read(EntryCommand.Read command, EntryState state) {
    return Set.of();
  }

  @Override
  public Set<Transition> readHistory(EntryCommand.ReadHistory command, EntryState state) {
    return Set.of();
  }

  @Override
  public Set<Transition> settle(EntryCommand.Settle command, EntryState state) {
    return Set.of();
  }
}
