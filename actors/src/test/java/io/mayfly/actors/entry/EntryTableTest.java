package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Terms;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of every state and every command. A cell that no row meets fails the class. */
final class EntryTableTest {
  private record Cell(Class<?> state, Class<?> command) {}

  private static final Set<Cell> MET = new HashSet<>();

  private static final Map<String, EntryCommand> COMMANDS =
      Map.ofEntries(
          Map.entry("put", Scene.put("7")),
          Map.entry("patch", Scene.merge("5", Terms.NONE)),
          Map.entry("increment", Scene.increment("2", "10", Terms.NONE)),
          Map.entry("touch", Scene.touch(Terms.NONE)),
          Map.entry("delete", Scene.delete()),
          Map.entry("rollback", Scene.rollback(1)),
          Map.entry("end", new EntryCommand.End(EndReason.SUPERSEDED, Origin.UNKNOWN)),
          Map.entry("read", EntryCommand.Read.CURRENT),
          Map.entry("history", new EntryCommand.ReadHistory(10)),
          Map.entry("settle", EntryCommand.Settle.NOW));

  private static Scene scene(String state) {
    Scene scene = new Scene();
    switch (state) {
      case "absent" -> {}
      case "pending" -> scene.at(-10).send(Scene.putFrom(20, "1", Terms.NONE));
      case "pending-valid" -> scene.at(-30).send(Scene.putFrom(-10, "1", Terms.NONE));
      case "pending-overdue" -> scene.at(-30).send(Scene.putFrom(-20, "1", Scene.ttl(5)));
      case "live" -> {
        scene.at(-20).send(Scene.put("1"));
        scene.at(-10).send(Scene.put("2"));
      }
      case "overdue" -> scene.at(-20).send(Scene.put("1", Scene.ttl(5)));
      case "due" -> scene.at(-20).send(Scene.put("1", Scene.ttl(20)));
      case "ended" -> {
        scene.at(-20).send(Scene.put("1"));
        scene.at(-10).send(Scene.delete());
      }
      case "forgotten" -> {
        scene.at(-700).send(Scene.put("1"));
        scene.at(-650).send(Scene.delete());
      }
      default -> throw new IllegalArgumentException(state);
    }
    return scene.at(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          absent          | put       | Created(0.1)              | created 0.1 until 60 = 7
          absent          | patch     | -                         | UNKNOWN_KEY
          absent          | increment | Created(0.1)              | created 0.1 until 60 = 12
          absent          | touch     | -                         | UNKNOWN_KEY
          absent          | delete    | -                         | UNKNOWN_KEY
          absent          | rollback  | -                         | UNKNOWN_KEY
          absent          | end       | -                         | settled
          absent          | read      | -                         | UNKNOWN_KEY
          absent          | history   | -                         | UNKNOWN_KEY
          absent          | settle    | -                         | settled
          pending         | put       | Updated(-10.2)            | replaced -10.2 until 80 = 7
          pending         | patch     | -                         | NOT_YET_VALID -10.1 until 80 at 20 wait 20
          pending         | increment | -                         | NOT_YET_VALID -10.1 until 80 at 20 wait 20
          pending         | touch     | -                         | NOT_YET_VALID -10.1 until 80 at 20 wait 20
          pending         | delete    | Ended(-10.2)              | deleted -10.2 until 0
          pending         | rollback  | -                         | NOT_YET_VALID -10.1 until 80 at 20 wait 20
          pending         | end       | Ended(-10.2)              | settled
          pending         | read      | -                         | NOT_YET_VALID -10.1 until 80 at 20 wait 20
          pending         | history   | -                         | created(-10.1)
          pending         | settle    | -                         | settled
          pending-valid   | put       | Updated(-30.2)            | replaced -30.2 until 50 = 7
          pending-valid   | patch     | Updated(-30.2)            | patched -30.2 until 50 = 5
          pending-valid   | increment | Updated(-30.2)            | incremented -30.2 until 50 = 3
          pending-valid   | touch     | Renewed(-30.2)            | renewed -30.2 until 60 = 1
          pending-valid   | delete    | Ended(-30.2)              | deleted -30.2 until 0
          pending-valid   | rollback  | Updated(-30.2)            | rolled-back -30.2 until 50 = 1
          pending-valid   | end       | Ended(-30.2)              | settled
          pending-valid   | read      | -                         | found -30.1 until 50 = 1
          pending-valid   | history   | -                         | created(-30.1)
          pending-valid   | settle    | -                         | settled
          pending-overdue | put       | Ended(-30.2) Created(0.1) | created 0.1 until 60 = 7
          pending-overdue | patch     | Ended(-30.2)              | KEY_ENDED -30.2 expired at -15
          pending-overdue | increment | Ended(-30.2) Created(0.1) | created 0.1 until 60 = 12
          pending-overdue | touch     | Ended(-30.2)              | KEY_ENDED -30.2 expired at -15
          pending-overdue | delete    | Ended(-30.2)              | KEY_ENDED -30.2 expired at -15
          pending-overdue | rollback  | Ended(-30.2)              | KEY_ENDED -30.2 expired at -15
          pending-overdue | end       | Ended(-30.2)              | settled
          pending-overdue | read      | Ended(-30.2)              | KEY_ENDED -30.2 expired at -15
          pending-overdue | history   | Ended(-30.2)              | created(-30.1) ended(-30.2)
          pending-overdue | settle    | Ended(-30.2)              | settled
          live            | put       | Updated(-20.3)            | replaced -20.3 until 40 = 7
          live            | patch     | Updated(-20.3)            | patched -20.3 until 40 = 5
          live            | increment | Updated(-20.3)            | incremented -20.3 until 40 = 4
          live            | touch     | Renewed(-20.3)            | renewed -20.3 until 60 = 2
          live            | delete    | Ended(-20.3)              | deleted -20.3 until 0
          live            | rollback  | Updated(-20.3)            | rolled-back -20.3 until 40 = 1
          live            | end       | Ended(-20.3)              | settled
          live            | read      | -                         | found -20.2 until 40 = 2
          live            | history   | -                         | created(-20.1) updated(-20.2)
          live            | settle    | -                         | settled
          overdue         | put       | Ended(-20.2) Created(0.1) | created 0.1 until 60 = 7
          overdue         | patch     | Ended(-20.2)              | KEY_ENDED -20.2 expired at -15
          overdue         | increment | Ended(-20.2) Created(0.1) | created 0.1 until 60 = 12
          overdue         | touch     | Ended(-20.2)              | KEY_ENDED -20.2 expired at -15
          overdue         | delete    | Ended(-20.2)              | KEY_ENDED -20.2 expired at -15
          overdue         | rollback  | Ended(-20.2)              | KEY_ENDED -20.2 expired at -15
          overdue         | end       | Ended(-20.2)              | settled
          overdue         | read      | Ended(-20.2)              | KEY_ENDED -20.2 expired at -15
          overdue         | history   | Ended(-20.2)              | created(-20.1) ended(-20.2)
          overdue         | settle    | Ended(-20.2)              | settled
          due             | put       | Ended(-20.2) Created(0.1) | created 0.1 until 60 = 7
          due             | patch     | Ended(-20.2)              | KEY_ENDED -20.2 expired at 0
          due             | increment | Ended(-20.2) Created(0.1) | created 0.1 until 60 = 12
          due             | touch     | Ended(-20.2)              | KEY_ENDED -20.2 expired at 0
          due             | delete    | Ended(-20.2)              | KEY_ENDED -20.2 expired at 0
          due             | rollback  | Ended(-20.2)              | KEY_ENDED -20.2 expired at 0
          due             | end       | Ended(-20.2)              | settled
          due             | read      | Ended(-20.2)              | KEY_ENDED -20.2 expired at 0
          due             | history   | Ended(-20.2)              | created(-20.1) ended(-20.2)
          due             | settle    | Ended(-20.2)              | settled
          ended           | put       | Created(0.1)              | created 0.1 until 60 = 7
          ended           | patch     | -                         | KEY_ENDED -20.2 deleted at -10
          ended           | increment | Created(0.1)              | created 0.1 until 60 = 12
          ended           | touch     | -                         | KEY_ENDED -20.2 deleted at -10
          ended           | delete    | -                         | KEY_ENDED -20.2 deleted at -10
          ended           | rollback  | -                         | KEY_ENDED -20.2 deleted at -10
          ended           | end       | -                         | settled
          ended           | read      | -                         | KEY_ENDED -20.2 deleted at -10
          ended           | history   | -                         | created(-20.1) ended(-20.2)
          ended           | settle    | -                         | settled
          forgotten       | put       | Purged(-700.2) Created(0.1) | created 0.1 until 60 = 7
          forgotten       | patch     | Purged(-700.2)            | UNKNOWN_KEY
          forgotten       | increment | Purged(-700.2) Created(0.1) | created 0.1 until 60 = 12
          forgotten       | touch     | Purged(-700.2)            | UNKNOWN_KEY
          forgotten       | delete    | Purged(-700.2)            | UNKNOWN_KEY
          forgotten       | rollback  | Purged(-700.2)            | UNKNOWN_KEY
          forgotten       | end       | Purged(-700.2)            | settled
          forgotten       | read      | Purged(-700.2)            | UNKNOWN_KEY
          forgotten       | history   | Purged(-700.2)            | UNKNOWN_KEY
          forgotten       | settle    | Purged(-700.2)            | settled
          """)
  void cell_ofStateAndCommand_isDecided(String state, String command, String events, String reply) {
    Scene scene = scene(state);
    EntryCommand sent = Objects.requireNonNull(COMMANDS.get(command));

    Decision decision = scene.decide(sent);

    MET.add(new Cell(scene.state.getClass(), sent.getClass()));
    assertThat(Described.events(decision.events())).isEqualTo(events.equals("-") ? "" : events);
    assertThat(Described.reply(decision.reply())).isEqualTo(reply);
  }

  @AfterAll
  static void everyCell_isMet() {
    Set<Cell> all =
        SealedFamily.members(EntryState.class).stream()
            .flatMap(
                state ->
                    SealedFamily.members(EntryCommand.class).stream()
                        .map(command -> new Cell(state, command)))
            .collect(Collectors.toSet());

    assertThat(MET).containsExactlyInAnyOrderElementsOf(all);
  }
}
