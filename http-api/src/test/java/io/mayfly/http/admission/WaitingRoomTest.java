package io.mayfly.http.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is called, and who is sent away. */
final class WaitingRoomTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final List<String> told = new ArrayList<>();

  private void add(WaitingRoom room, Urgency urgency, String name, long now) {
    CompletableFuture<Boolean> turn = new CompletableFuture<>();
    var unused = turn.thenAccept(entered -> told.add((entered ? "+" : "-") + name));
    room.add(urgency, turn, now, now + 1000 * MILLI);
  }

  private static void call(WaitingRoom room, int places, long now) {
    int[] free = {places};
    room.call(any -> free[0]-- > 0, now);
  }

  @Test
  void room_withRoomForAll_callsInOrderOfArrival() {
    WaitingRoom room = new WaitingRoom(3);
    add(room, Urgency.CHANGE, "a", 0);
    add(room, Urgency.CHANGE, "b", 0);
    add(room, Urgency.CHANGE, "c", 0);

    call(room, 2, MILLI);

    assertThat(told).containsExactly("+a", "+b");
    assertThat(room.waiting()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"99, +c", "101, +b"})
  void room_crowded_sendsTheLongestWaitingAwayAndCallsTheLastForAWhile(
      long afterMillis, String called) {
    WaitingRoom room = new WaitingRoom(2);
    add(room, Urgency.CHANGE, "a", 0);
    add(room, Urgency.CHANGE, "b", 0);
    add(room, Urgency.CHANGE, "c", 0);

    call(room, 1, afterMillis * MILLI);

    assertThat(told).containsExactly("-a", called);
  }

  @Test
  void room_full_sendsTheLeastUrgentAway() {
    WaitingRoom room = new WaitingRoom(2);
    add(room, Urgency.READ, "read", 0);
    add(room, Urgency.KEEP, "end", 0);

    add(room, Urgency.CHANGE, "change", 0);
    add(room, Urgency.KEEP, "renewal", 0);
    add(room, Urgency.READ, "another read", 0);

    assertThat(told).containsExactly("-change", "-read", "-another read");
    call(room, 2, MILLI);
    assertThat(told).endsWith("+renewal", "+end");
  }

  @Test
  void sweep_sendsThoseAwayWhoseTimeIsOver() {
    WaitingRoom room = new WaitingRoom(2);
    add(room, Urgency.CHANGE, "a", 0);
    add(room, Urgency.CHANGE, "b", MILLI);

    room.sweep(1000 * MILLI);

    assertThat(told).containsExactly("-a");
    assertThat(room.waiting()).isEqualTo(1);
  }
}
