package io.mayfly.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class RotaTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final TestProbe<String> told = KIT.createTestProbe(String.class);
  private final AtomicReference<ActorRef<String>> newest = new AtomicReference<>();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** An actor that tells when it begins and ends, and fails when it is told anything. */
  private Behavior<String> watched(int number) {
    return Behaviors.setup(
        context -> {
          newest.set(context.getSelf());
          told.ref().tell("begun " + number);
          return Behaviors.receive(String.class)
              .onMessage(
                  String.class,
                  message -> {
                    throw new IllegalStateException(message);
                  })
              .onSignal(
                  PostStop.class,
                  stopped -> {
                    told.ref().tell("ended " + number);
                    return Behaviors.same();
                  })
              .build();
        });
  }

  @Test
  void numbers_overAnyMembers_areEachDealtToOne() {
    for (int members = 1; members <= 9; members++) {
      for (int count = 0; count <= 8; count++) {
        List<Integer> dealt = new ArrayList<>();
        for (int member = 0; member < members; member++) {
          dealt.addAll(Rota.dealt(member, members, count));
        }

        assertThat(dealt)
            .as("%s over %s", count, members)
            .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count).boxed().toList());
      }
    }
    assertThat(Rota.dealt(-1, 3, 4)).isEmpty();
  }

  @Test
  void actors_followTheNumbersThatAreOwn() {
    AtomicReference<Set<Integer>> own = new AtomicReference<>(Set.of(0));
    ActorRef<Rota.Look> rota = KIT.spawn(Rota.create(own::get, this::watched));
    told.expectMessage("begun 0");

    own.set(Set.of(1));

    assertThat(List.of(told.receiveMessage(), told.receiveMessage()))
        .containsExactlyInAnyOrder("ended 0", "begun 1");
    KIT.stop(rota);
    told.expectMessage("ended 1");
  }

  @Test
  void actor_thatFailed_isBegunAgain() {
    ActorRef<Rota.Look> rota = KIT.spawn(Rota.create(() -> Set.of(7), this::watched));
    told.expectMessage("begun 7");

    newest.get().tell("fail");

    told.expectMessage("ended 7");
    told.expectMessage("begun 7");
    KIT.stop(rota);
  }
}
