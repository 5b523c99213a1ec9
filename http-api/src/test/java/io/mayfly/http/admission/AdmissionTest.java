package io.mayfly.http.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whom the door lets in. */
final class AdmissionTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private long now = System.nanoTime();

  private static AdmissionSettings settings(int inFlightMax, int queueMax) {
    return new AdmissionSettings(inFlightMax, queueMax, 0.1, 1000, Duration.ofSeconds(1), 10);
  }

  private static int fill(Admission admission, Urgency urgency) {
    int entered = 0;
    while (admission.enter(urgency)) {
      entered++;
    }
    return entered;
  }

  /** Windows of ten answers each, which took so long while so many were in flight. */
  private void answer(Admission admission, int inFlight, long tookNanos, int windows) {
    for (int i = 0; i < inFlight; i++) {
      admission.enter(Urgency.KEEP);
    }
    for (int i = 0; i < windows * 12; i++) {
      admission.leave(now, tookNanos);
      admission.enter(Urgency.KEEP);
      now += 101 * MILLI / 10;
    }
    for (int i = 0; i < inFlight; i++) {
      admission.leave();
    }
  }

  @Test
  void door_asItFills_refusesChangesThenReadsThenEnds() {
    Admission admission = new Admission(settings(100, 100));

    assertThat(fill(admission, Urgency.CHANGE)).isEqualTo(90);
    assertThat(admission.hasRoom(Urgency.CHANGE)).isFalse();
    assertThat(fill(admission, Urgency.READ)).isEqualTo(5);
    assertThat(fill(admission, Urgency.KEEP)).isEqualTo(5);
    assertThat(admission.fill().depth()).isEqualTo(100);
    admission.leave();
    assertThat(admission.enter(Urgency.KEEP)).isTrue();
  }

  @Test
  void door_ofOnePlace_letsAnyRequestIn() {
    Admission admission = new Admission(settings(1, 384));

    assertThat(admission.enter(Urgency.CHANGE)).isTrue();
    assertThat(admission.enter(Urgency.KEEP)).isFalse();
  }

  @Test
  void limit_whenMostRequestsOnlyWait_fallsToTheQueue() {
    Admission admission = new Admission(settings(4096, 64));
    answer(admission, 10, MILLI, 2);
    long before = admission.fill().limit();

    answer(admission, (int) before, 50 * MILLI, 40);

    assertThat(before).isGreaterThanOrEqualTo(128);
    assertThat(admission.fill().limit()).isEqualTo(64);
  }

  @Test
  void limit_whenCompanyCostsNothing_risesToTheCeiling() {
    Admission admission = new Admission(settings(1024, 64));

    for (int i = 0; i < 40; i++) {
      answer(admission, (int) admission.fill().limit(), 20 * MILLI, 2);
    }

    assertThat(admission.fill().limit()).isEqualTo(1024);
  }

  @Test
  void holding_upToTheCeiling_leavesTheRestAlone() {
    Admission admission = new Admission(settings(2, 64));

    assertThat(admission.hold()).isTrue();
    assertThat(admission.hold()).isTrue();
    assertThat(admission.hold()).isFalse();
    assertThat(admission.enter(Urgency.CHANGE)).isTrue();
    admission.release();
    assertThat(admission.hold()).isTrue();
  }

  @Test
  void limit_ofANodeThatIdles_staysWhereItIs() {
    Admission admission = new Admission(settings(4096, 64));
    answer(admission, 100, 20 * MILLI, 2);
    answer(admission, 1, 20 * MILLI, 2);
    long before = admission.fill().limit();

    answer(admission, 1, 20 * MILLI, 1000);

    assertThat(admission.fill().limit()).isEqualTo(before);
  }
}
