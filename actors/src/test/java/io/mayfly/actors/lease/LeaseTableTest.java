package io.mayfly.actors.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.actors.entry.SealedFamily;
import io.mayfly.protocol.lease.LeaseCommand;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of every state and every command. A cell that no row meets fails the class. */
final class LeaseTableTest {
  private record Cell(Class<?> state, Class<?> command) {}

  private static final Set<Cell> MET = new HashSet<>();

  private static Stage stage(String state) {
    Stage stage = new Stage();
    switch (state) {
      case "absent" -> {}
      case "free" -> stage.at(-10).send(Stage.define(2, 0));
      case "resting" -> {
        stage.at(-30).send(Stage.define(1, 20));
        stage.at(-20).send(stage.acquire("a", 1, 30, 0));
        stage.at(-10).send(stage.release());
      }
      case "held" -> stage.at(-10).send(stage.acquire("a", 1, 30, 0));
      case "awaited" -> {
        stage.at(-10).send(stage.acquire("a", 1, 30, 0));
        stage.at(-5).send(stage.acquire("b", 1, 30, 50));
      }
      case "overdue" -> stage.at(-10).send(stage.acquire("a", 1, 10, 0));
      case "overdue-awaited" -> {
        stage.at(-10).send(stage.acquire("a", 1, 10, 0));
        stage.at(-5).send(stage.acquire("b", 1, 30, 50));
      }
      case "released" -> {
        stage.at(-20).send(stage.acquire("a", 1, 30, 0));
        stage.at(-10).send(stage.release());
      }
      case "disused" -> {
        stage.at(-700).send(stage.acquire("a", 1, 30, 0));
        stage.at(-680).send(stage.release());
      }
      default -> throw new IllegalArgumentException(state);
    }
    return stage.at(0);
  }

  private static LeaseCommand command(Stage stage, String command) {
    return switch (command) {
      case "define" -> Stage.define(3, 0);
      case "acquire" -> stage.acquire("c", 1, 30, 0);
      case "wait" -> stage.acquire("c", 1, 30, 10);
      case "renew" -> stage.renew(40);
      case "release" -> stage.release();
      case "leave" -> new LeaseCommand.Leave("n2");
      case "read" -> LeaseCommand.Read.CURRENT;
      case "history" -> new LeaseCommand.ReadHistory(10);
      case "settle" -> LeaseCommand.Settle.NOW;
      default -> throw new IllegalArgumentException(command);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          absent          | define  | Defined         | created 3 of 3, 0 wait | -
          absent          | acquire | Granted         | granted 1 to c until 30 | -
          absent          | wait    | Granted         | granted 1 to c until 30 | -
          absent          | renew   | -               | LEASE_LOST | -
          absent          | release | -               | LEASE_LOST | -
          absent          | leave   | -               | settled | -
          absent          | read    | -               | UNKNOWN_LEASE | -
          absent          | history | -               | UNKNOWN_LEASE | -
          absent          | settle  | -               | settled | -
          free            | define  | Defined         | changed 3 of 3, 0 wait | -
          free            | acquire | Granted         | granted 1 to c until 30 | -
          free            | wait    | Granted         | granted 1 to c until 30 | -
          free            | renew   | -               | LEASE_LOST | -
          free            | release | -               | LEASE_LOST | -
          free            | leave   | -               | settled | -
          free            | read    | -               | found 2 of 2, 0 wait | -
          free            | history | -               | told defined | -
          free            | settle  | -               | settled | -
          resting         | define  | Defined         | changed 2 of 3, 0 wait | -
          resting         | acquire | -               | LEASE_HELD | -
          resting         | wait    | -               | waits | -
          resting         | renew   | -               | LEASE_LOST | -
          resting         | release | -               | released | -
          resting         | read    | -               | found 0 of 1, 0 wait | -
          held            | define  | Defined         | changed 2 of 3, 0 wait | -
          held            | acquire | -               | LEASE_HELD | -
          held            | wait    | -               | waits | -
          held            | renew   | Renewed         | granted 1 to a until 40 | -
          held            | release | Released        | released | -
          held            | leave   | -               | settled | -
          held            | read    | -               | found 0 of 1, 0 wait | -
          held            | history | -               | told acquired | -
          held            | settle  | -               | settled | -
          awaited         | define  | Defined Granted | changed 1 of 3, 0 wait | n2: granted 1 to b until 30
          awaited         | acquire | -               | LEASE_HELD | -
          awaited         | wait    | -               | waits | -
          awaited         | renew   | Renewed         | granted 1 to a until 40 | -
          awaited         | release | Released Granted | released | n2: granted 1 to b until 30
          awaited         | leave   | -               | settled | n2: LEASE_HELD
          awaited         | read    | -               | found 0 of 1, 1 wait | -
          awaited         | settle  | -               | settled | -
          overdue         | define  | Expired Defined | changed 3 of 3, 0 wait | -
          overdue         | acquire | Expired Granted | granted 1 to c until 30 | -
          overdue         | wait    | Expired Granted | granted 1 to c until 30 | -
          overdue         | renew   | Expired         | LEASE_LOST | -
          overdue         | release | Expired         | LEASE_LOST | -
          overdue         | leave   | Expired         | settled | -
          overdue         | read    | Expired         | found 1 of 1, 0 wait | -
          overdue         | history | Expired         | told acquired expired | -
          overdue         | settle  | Expired         | settled | -
          overdue-awaited | define  | Expired Granted Defined | changed 2 of 3, 0 wait | n2: granted 1 to b until 30
          overdue-awaited | acquire | Expired Granted | LEASE_HELD | n2: granted 1 to b until 30
          overdue-awaited | wait    | Expired Granted | waits | n2: granted 1 to b until 30
          overdue-awaited | renew   | Expired Granted | LEASE_LOST | n2: granted 1 to b until 30
          overdue-awaited | release | Expired Granted | LEASE_LOST | n2: granted 1 to b until 30
          overdue-awaited | leave   | Expired         | settled | n2: LEASE_HELD
          overdue-awaited | read    | Expired Granted | found 0 of 1, 0 wait | n2: granted 1 to b until 30
          overdue-awaited | settle  | Expired Granted | settled | n2: granted 1 to b until 30
          released        | renew   | -               | LEASE_LOST | -
          released        | release | -               | released | -
          released        | acquire | Granted         | granted 1 to c until 30 | -
          disused         | define  | Purged Defined  | created 3 of 3, 0 wait | -
          disused         | acquire | Purged Granted  | granted 1 to c until 30 | -
          disused         | wait    | Purged Granted  | granted 1 to c until 30 | -
          disused         | renew   | Purged          | LEASE_LOST | -
          disused         | release | Purged          | LEASE_LOST | -
          disused         | leave   | Purged          | settled | -
          disused         | read    | Purged          | UNKNOWN_LEASE | -
          disused         | history | Purged          | UNKNOWN_LEASE | -
          disused         | settle  | Purged          | settled | -
          """)
  void cell_ofStateAndCommand_isDecided(
      String state, String command, String events, String reply, String answers) {
    Stage stage = stage(state);
    LeaseCommand sent = command(stage, command);

    Decision decision = stage.decide(sent);

    MET.add(new Cell(stage.state.getClass(), sent.getClass()));
    assertThat(Stage.names(decision.events())).isEqualTo(events.equals("-") ? "" : events);
    assertThat(Stage.said(decision.reply())).isEqualTo(reply);
    assertThat(Stage.answers(decision)).isEqualTo(answers.equals("-") ? "" : answers);
  }

  @AfterAll
  static void everyCell_isMet() {
    Set<Cell> all =
        SealedFamily.members(LeaseState.class).stream()
            .flatMap(
                state ->
                    SealedFamily.members(LeaseCommand.class).stream()
                        .map(command -> new Cell(state, command)))
            .collect(Collectors.toSet());

    assertThat(MET).containsExactlyInAnyOrderElementsOf(all);
  }
}
