package io.mayfly.actors.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryCommand.Read;
import io.mayfly.protocol.entry.EntryCommand.Settle;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.LedgerChange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EntryStateTest {
  private final Scene scene = new Scene();

  @Nested
  final class Conditions {
    @Test
    void createOnly_onALiveEntry_isRefusedWithTheCurrentVersion() {
      scene.send(Scene.put("1"));

      var refusal = scene.refused(Scene.put("2", Scene.ifNoneMatchAny()));

      assertThat(Described.reply(refusal)).isEqualTo("PRECONDITION_FAILED 0.1 until 60");
    }

    @Test
    void createOnly_onAnAbsentOrEndedKey_creates() {
      assertThat(Described.reply(scene.send(Scene.put("1", Scene.ifNoneMatchAny()))))
          .isEqualTo("created 0.1 until 60 = 1");
      scene.send(Scene.delete());

      var again = scene.at(1).send(Scene.put("2", Scene.ifNoneMatchAny()));

      assertThat(Described.reply(again)).isEqualTo("created 1.1 until 61 = 2");
    }

    @Test
    void match_onAnAbsentOrEndedKey_isRefusedWithoutAVersion() {
      assertThat(Described.reply(scene.refused(Scene.put("1", Scene.ifMatch(null)))))
          .isEqualTo("PRECONDITION_FAILED");
      Version version = scene.accepted(Scene.put("1")).receipt().version();
      scene.send(Scene.delete());

      var refusal = scene.refused(Scene.put("2", Scene.ifMatch(version)));

      assertThat(Described.reply(refusal)).isEqualTo("PRECONDITION_FAILED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "patch", "increment", "touch", "delete", "rollback"})
    void staleTag_onEveryMutation_isRefusedAndTheCurrentOneAccepted(String command) {
      Version stale = scene.accepted(Scene.put("1")).receipt().version();
      Version current = scene.accepted(Scene.put("2")).receipt().version();

      assertThat(scene.refused(mutation(command, Scene.ifMatch(stale))).reason())
          .isEqualTo(Reason.PRECONDITION_FAILED);
      assertThat(scene.refused(mutation(command, Scene.ifNoneMatchAny())).version())
          .isEqualTo(current);
      assertThat(scene.accepted(mutation(command, Scene.ifMatch(current))).receipt().version())
          .isEqualTo(current.next());
    }

    @Test
    void tagOfAnEarlierIncarnation_isStale() {
      Version before = scene.accepted(Scene.put("1")).receipt().version();
      scene.send(Scene.delete());
      scene.at(1).send(Scene.put("1"));

      assertThat(scene.refused(Scene.put("2", Scene.ifMatch(before))).reason())
          .isEqualTo(Reason.PRECONDITION_FAILED);
    }

    private EntryCommand mutation(String command, Terms terms) {
      return switch (command) {
        case "put" -> Scene.put("7", terms);
        case "patch" -> Scene.merge("7", terms);
        case "increment" -> Scene.increment("1", "0", terms);
        case "touch" -> Scene.touch(terms);
        case "delete" -> new EntryCommand.Delete(terms);
        case "rollback" -> new EntryCommand.Rollback(1, terms);
        default -> throw new IllegalArgumentException(command);
      };
    }
  }

  @Nested
  final class Patching {
    @Test
    void patch_thatChangesNothing_isUnchangedWithoutAnEvent() {
      scene.send(Scene.put("{\"a\":1}"));

      var reply = scene.at(5).send(Scene.merge("{\"a\":1}", Terms.NONE));

      assertThat(Described.reply(reply)).isEqualTo("unchanged 0.1 until 60 = {\"a\":1}");
      assertThat(Described.events(scene.events)).isEqualTo("Created(0.1)");
    }

    @Test
    void patch_thatChangesNothingButNamesALifespan_isARevision() {
      scene.send(Scene.put("{\"a\":1}"));

      var reply = scene.at(5).send(Scene.merge("{\"a\":1}", Scene.ttl(90)));

      assertThat(Described.reply(reply)).isEqualTo("patched 0.2 until 95 = {\"a\":1}");
    }

    @Test
    void patch_thatDoesNotApply_namesItsOperation() {
      scene.send(Scene.put("{\"a\":1}"));

      var refusal =
          scene.refused(
              new EntryCommand.Patch(
                  Json.patch("{\"op\":\"test\",\"path\":\"/a\",\"value\":2}"), Terms.NONE));

      assertThat(Described.reply(refusal)).isEqualTo("PATCH_FAILED 0.1 until 60 test");
      assertThat(refusal.violations().get(0).pointer()).isEqualTo("/0");
    }
  }

  @Nested
  final class Revisions {
    private void sixRevisions() {
      for (int i = 1; i <= 6; i++) {
        scene.at(i).send(Scene.put(Integer.toString(i)));
      }
    }

    @ParameterizedTest
    @CsvSource({
      "3, rolled-back 1.7 until 61 = 3",
      "6, rolled-back 1.7 until 61 = 6",
      "2, REVISION_NOT_KEPT 1.6 until 61",
      "7, REVISION_NOT_KEPT 1.6 until 61",
      "0, REVISION_NOT_KEPT 1.6 until 61",
    })
    void rollback_bringsBackWhatHistoryKeeps(long revision, String reply) {
      sixRevisions();

      assertThat(Described.reply(scene.send(Scene.rollback(revision)))).isEqualTo(reply);
    }

    @ParameterizedTest
    @CsvSource({
      "0, found 1.6 until 61 = 6",
      "6, found 1.6 until 61 = 6",
      "3, found 1.3 until 61 = 3",
      "2, UNKNOWN_REVISION 1.6 until 61",
      "7, UNKNOWN_REVISION 1.6 until 61",
    })
    void read_showsWhatHistoryKeeps(long revision, String reply) {
      sixRevisions();

      assertThat(Described.reply(scene.send(Scene.read(revision)))).isEqualTo(reply);
    }

    @Test
    void read_ofAnOlderRevision_showsWhenThatOneWasWritten() {
      sixRevisions();

      var view = scene.found(Scene.read(4)).view();

      assertThat(view.createdAt()).isEqualTo(Scene.instant(1));
      assertThat(view.updatedAt()).isEqualTo(Scene.instant(4));
    }

    @Test
    void renewal_isARevisionWithTheSameValue() {
      scene.send(Scene.put("1"));
      scene.at(1).send(Scene.touch(Terms.NONE));
      scene.at(2).send(Scene.put("2"));

      assertThat(Described.reply(scene.send(Scene.read(2)))).isEqualTo("found 0.2 until 61 = 1");
    }

    @Test
    void revisions_ofAnEarlierIncarnation_areGone() {
      sixRevisions();
      scene.send(Scene.delete());
      scene.at(10).send(Scene.put("7"));

      assertThat(Described.reply(scene.send(Scene.read(4))))
          .isEqualTo("UNKNOWN_REVISION 10.1 until 70");
      assertThat(Described.reply(scene.send(Scene.rollback(6))))
          .isEqualTo("REVISION_NOT_KEPT 10.1 until 70");
    }
  }

  @Nested
  final class Stories {
    @Test
    void history_overIncarnations_keepsTheNewestEvents() {
      scene.send(Scene.put("1"));
      scene.send(Scene.put("2"));
      scene.send(Scene.delete());
      scene.at(1).send(Scene.put("3"));
      scene.send(Scene.touch(Terms.NONE));

      assertThat(Described.reply(scene.send(new EntryCommand.ReadHistory(50))))
          .isEqualTo("updated(0.2) ended(0.3) created(1.1) renewed(1.2)");
      assertThat(Described.reply(scene.send(new EntryCommand.ReadHistory(2))))
          .isEqualTo("created(1.1) renewed(1.2)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void history_ofTheSmallestContract_keepsOneEvent(int revisions) {
      scene.contract = Scene.with(new History(revisions));
      scene.send(Scene.put("1"));
      scene.send(Scene.put("2"));

      assertThat(Described.reply(scene.send(new EntryCommand.ReadHistory(50))))
          .isEqualTo("updated(0.2)");
      assertThat(Described.reply(scene.send(EntryCommand.Read.CURRENT)))
          .isEqualTo("found 0.2 until 60 = 2");
    }

    @Test
    void history_tellsWhoWhenAndWhy() {
      scene.send(Scene.put("1", Scene.ttl(5)));
      scene.at(9).send(Settle.NOW);

      var events = scene.state.story().newest(10);

      assertThat(events.get(0).outcome()).isEqualTo(Outcome.CREATED);
      assertThat(events.get(0).expiresAt()).isEqualTo(Scene.instant(5));
      assertThat(events.get(1).reason()).isEqualTo(EndReason.EXPIRED);
      assertThat(events.get(1).outcome()).isNull();
      assertThat(events.get(1).at()).isEqualTo(Scene.instant(9));
    }

    @Test
    void oldValues_beyondTheirBytes_areForgottenAndTheirEventsKept() {
      scene.contract = Scene.with(Scene.limits(2 << 20));
      for (int i = 0; i < 4; i++) {
        scene.send(Scene.put("\"" + Integer.toString(i).repeat(1_500_000) + "\""));
      }

      assertThat(scene.state.story().newest(10)).hasSize(4);
      assertThat(scene.refused(Scene.read(2)).reason()).isEqualTo(Reason.UNKNOWN_REVISION);
      assertThat(scene.found(Scene.read(3)).view().value().size()).isGreaterThan(1_500_000);
    }

    @Test
    void end_forgetsEveryValue() {
      scene.send(Scene.put("1"));
      scene.send(Scene.put("2"));
      scene.send(Scene.delete());

      assertThat(scene.state.story().chapters()).allMatch(chapter -> chapter.value() == null);
    }
  }

  @Nested
  final class Increments {
    @ParameterizedTest
    @CsvSource({
      "1, 1, incremented 0.2 until 60 = 2",
      "1, -3, incremented 0.2 until 60 = -2",
      "9007199254740993, 1, incremented 0.2 until 60 = 9007199254740994",
      "9223372036854775807, 1, incremented 0.2 until 60 = 9223372036854775808",
      "18446744073709551614, 1, incremented 0.2 until 60 = 18446744073709551615",
      "18446744073709551615, -1, incremented 0.2 until 60 = 18446744073709551614",
      "-9223372036854775807, -1, incremented 0.2 until 60 = -9223372036854775808",
      "18446744073709551615, 1, NUMBER_OUT_OF_RANGE 0.1 until 60",
      "-9223372036854775808, -1, NUMBER_OUT_OF_RANGE 0.1 until 60",
      "1.5, 1, incremented 0.2 until 60 = 2.5",
      "1, 1.5, incremented 0.2 until 60 = 2.5",
      "0.5, 0.5, incremented 0.2 until 60 = 1.0",
      "1.7E308, 1.7E308, NUMBER_OUT_OF_RANGE 0.1 until 60",
      "'\"1\"', 1, NOT_A_NUMBER 0.1 until 60",
      "null, 1, NOT_A_NUMBER 0.1 until 60",
      "true, 1, NOT_A_NUMBER 0.1 until 60",
      "[], 1, NOT_A_NUMBER 0.1 until 60",
      "1, '\"1\"', NOT_A_NUMBER 0.1 until 60",
    })
    void increment_ofALiveEntry_isExact(String value, String by, String reply) {
      scene.send(Scene.put(value));

      assertThat(Described.reply(scene.send(Scene.increment(by, "0", Terms.NONE))))
          .isEqualTo(reply);
    }

    @ParameterizedTest
    @CsvSource({
      "5, 2, created 0.1 until 90 = 7",
      "18446744073709551615, 1, NUMBER_OUT_OF_RANGE",
      "'\"5\"', 2, NOT_A_NUMBER",
    })
    void increment_ofAnAbsentKey_createsFromTheInitialValue(
        String initial, String by, String reply) {
      assertThat(Described.reply(scene.send(Scene.increment(by, initial, Scene.ttl(90)))))
          .isEqualTo(reply);
    }

    @Test
    void increment_withATtl_renewsALiveEntry() {
      scene.send(Scene.put("1"));

      var reply = scene.at(10).send(Scene.increment("1", "0", Scene.ttl(90)));

      assertThat(Described.reply(reply)).isEqualTo("incremented 0.2 until 100 = 2");
    }
  }

  @Nested
  final class Renewals {
    private LedgerChange lastChange() {
      return scene.events.get(scene.events.size() - 1).ledgerChange();
    }

    @Test
    void touch_withoutALifespan_takesTheContractsDefault() {
      scene.send(Scene.put("1", Scene.ttl(300)));

      assertThat(Described.reply(scene.at(10).send(Scene.touch(Terms.NONE))))
          .isEqualTo("renewed 0.2 until 70 = 1");
    }

    @Test
    void touch_withALifespan_takesIt() {
      scene.send(Scene.put("1"));

      assertThat(Described.reply(scene.at(10).send(Scene.touch(Scene.ttl(5)))))
          .isEqualTo("renewed 0.2 until 15 = 1");
      assertThat(Described.reply(scene.send(Scene.touch(Scene.until(99)))))
          .isEqualTo("renewed 0.3 until 99 = 1");
      assertThat(Described.reply(scene.refused(Scene.touch(Scene.until(10)))))
          .isEqualTo("CONTRACT_VIOLATION lifetime.min");
    }

    @Test
    void replacement_withoutALifespan_keepsTheDeadline() {
      scene.send(Scene.put("1", Scene.ttl(300)));

      assertThat(Described.reply(scene.at(10).send(Scene.put("2"))))
          .isEqualTo("replaced 0.2 until 300 = 2");
    }

    @Test
    void fixedContract_refusesEveryChangeOfTheDeadline() {
      scene.contract = Scene.with(Renewal.FIXED);
      scene.send(Scene.put("1"));
      scene.at(1);

      String refused = "CONTRACT_VIOLATION lifetime.renewal";
      assertThat(Described.reply(scene.refused(Scene.touch(Terms.NONE)))).isEqualTo(refused);
      assertThat(Described.reply(scene.refused(Scene.touch(Scene.ttl(9))))).isEqualTo(refused);
      assertThat(Described.reply(scene.refused(Scene.put("2", Scene.ttl(9))))).isEqualTo(refused);
      assertThat(Described.reply(scene.refused(Scene.increment("1", "0", Scene.ttl(9)))))
          .isEqualTo(refused);
      assertThat(Described.reply(scene.send(Scene.put("2"))))
          .isEqualTo("replaced 0.2 until 60 = 2");
    }

    @Test
    void renewableContract_refusesALifeBeyondItsTotal() {
      scene.send(Scene.put("1", Scene.ttl(3600)));
      scene.at(3599).send(Scene.touch(Scene.ttl(3600)));

      var refusal = scene.at(3700).refused(Scene.touch(Scene.ttl(3600)));

      assertThat(Described.reply(refusal)).isEqualTo("CONTRACT_VIOLATION lifetime.total");
    }

    @Test
    void slidingContract_isRenewedByReadsWithoutARevision() {
      scene.contract = Scene.with(Renewal.SLIDING);
      scene.send(Scene.put("1"));
      scene.at(1).send(Scene.touch(Scene.ttl(20)));

      var read = scene.at(15).found(Read.CURRENT);

      assertThat(Described.reply(read)).isEqualTo("found 0.2 until 35 = 1");
      assertThat(Described.events(scene.events)).isEqualTo("Created(0.1) Renewed(0.2) Slid(0.2)");
      assertThat(scene.state.wakeAtMillis()).isEqualTo(Scene.instant(35).toEpochMilli());
      assertThat(scene.state.story().newest(10)).hasSize(2);
    }

    @Test
    void wakeUpOfTheLedger_staysWhileDeadlinesMoveOut() {
      scene.send(Scene.put("1"));
      scene.at(10).send(Scene.put("2", Scene.ttl(80)));
      scene.at(20).send(Scene.touch(Scene.ttl(100)));

      assertThat(lastChange().wakeBefore()).isEqualTo(Scene.instant(60));
      assertThat(lastChange().wakeAfter()).isEqualTo(Scene.instant(60));
      assertThat(scene.state.wakeAtMillis()).isEqualTo(Scene.instant(120).toEpochMilli());
    }

    @Test
    void wakeUpOfTheLedger_movesToAnEarlierDeadline() {
      scene.send(Scene.put("1"));
      scene.at(10).send(Scene.touch(Scene.ttl(100)));
      scene.at(20).send(Scene.touch(Scene.ttl(5)));

      assertThat(lastChange().wakeBefore()).isEqualTo(Scene.instant(60));
      assertThat(lastChange().wakeAfter()).isEqualTo(Scene.instant(25));
    }

    @Test
    void wakeUpOfTheLedger_thatCameTooEarly_movesToTheDeadline() {
      scene.send(Scene.put("1"));
      scene.at(10).send(Scene.touch(Scene.ttl(100)));
      scene.at(59).send(Settle.NOW);
      assertThat(scene.events).hasSize(2);

      scene.at(60).send(Settle.NOW);

      assertThat(Described.events(scene.events))
          .isEqualTo("Created(0.1) Renewed(0.2) Deferred(0.2)");
      assertThat(lastChange().wakeBefore()).isEqualTo(Scene.instant(60));
      assertThat(lastChange().wakeAfter()).isEqualTo(Scene.instant(110));
      assertThat(scene.state.story().newest(10)).hasSize(2);

      scene.at(61).send(Settle.NOW);
      scene.at(110).send(Settle.NOW);

      assertThat(Described.events(scene.events))
          .isEqualTo("Created(0.1) Renewed(0.2) Deferred(0.2) Ended(0.3)");
      assertThat(lastChange().wakeBefore()).isEqualTo(Scene.instant(110));
    }

    @Test
    void wakeUpOfTheLedger_thatStandsBeforeTheDeadline_goesWithTheEnd() {
      scene.send(Scene.put("1"));
      scene.at(10).send(Scene.touch(Scene.ttl(100)));
      scene.at(20).send(Scene.delete());

      assertThat(lastChange().wakeBefore()).isEqualTo(Scene.instant(60));
      assertThat(lastChange().wakeAfter())
          .isEqualTo(Scene.instant(20).plus(scene.contract.lifetime().tombstone()));
    }

    @Test
    void slidingContract_isNotRenewedByALookOrAnEarlierDeadline() {
      scene.contract = Scene.with(Renewal.SLIDING);
      scene.send(Scene.put("1"));

      assertThat(Described.reply(scene.send(Read.CURRENT))).isEqualTo("found 0.1 until 60 = 1");
      assertThat(Described.reply(scene.at(50).send(Read.PEEK))).isEqualTo("found 0.1 until 60 = 1");
      assertThat(scene.events).hasSize(1);
    }

    @Test
    void slidingContract_isRenewedByMutationsAndUnchangedPatches() {
      scene.contract = Scene.with(Renewal.SLIDING);
      scene.send(Scene.put("1", Scene.ttl(30)));

      assertThat(Described.reply(scene.at(10).send(Scene.put("2"))))
          .isEqualTo("replaced 0.2 until 40 = 2");
      assertThat(Described.reply(scene.at(20).send(Scene.merge("2", Terms.NONE))))
          .isEqualTo("unchanged 0.2 until 50 = 2");
      assertThat(Described.events(scene.events)).isEqualTo("Created(0.1) Updated(0.2) Slid(0.2)");
    }

    @Test
    void slidingContract_isNotRenewedByAReadThatFindsNothing() {
      scene.contract = Scene.with(Renewal.SLIDING);
      scene.send(Scene.put("1"));

      assertThat(Described.reply(scene.at(10).refused(Scene.read(7))))
          .isEqualTo("UNKNOWN_REVISION 0.1 until 60");
    }

    @Test
    void slidingContract_cutsAtItsTotal() {
      scene.contract = Scene.with(Renewal.SLIDING);
      scene.send(Scene.put("1", Scene.ttl(3600)));
      scene.at(3500).send(Read.CURRENT);
      scene.at(7000).send(Read.CURRENT);

      assertThat(Described.reply(scene.at(7100).send(Scene.touch(Scene.ttl(3600)))))
          .isEqualTo("renewed 0.2 until 7200 = 1");
      assertThat(Described.reply(scene.at(7199).send(Read.CURRENT)))
          .isEqualTo("found 0.2 until 7200 = 1");
      assertThat(Described.reply(scene.at(7200).send(Read.CURRENT)))
          .isEqualTo("KEY_ENDED 0.3 expired at 7200");
    }
  }

  @Nested
  final class NotBefore {
    @Test
    void lifespan_countsFromTheInstant() {
      var reply = scene.send(Scene.putFrom(100, "1", Scene.ttl(30)));

      assertThat(Described.reply(reply)).isEqualTo("created 0.1 until 130 = 1");
      assertThat(Described.reply(scene.at(99.999).send(Read.CURRENT)))
          .startsWith("NOT_YET_VALID 0.1 until 130 at 100");
      assertThat(Described.reply(scene.at(100).send(Read.CURRENT)))
          .isEqualTo("found 0.1 until 130 = 1");
      assertThat(Described.reply(scene.at(130).send(Read.CURRENT)))
          .isEqualTo("KEY_ENDED 0.2 expired at 130");
    }

    @Test
    void bounds_countFromTheInstant() {
      assertThat(Described.reply(scene.send(Scene.putFrom(3600, "1", Scene.ttl(3600)))))
          .isEqualTo("created 0.1 until 7200 = 1");
      scene.send(Scene.delete());
      scene.at(1);

      assertThat(Described.reply(scene.refused(Scene.putFrom(3601.001, "1", Terms.NONE))))
          .isEqualTo("CONTRACT_VIOLATION lifetime.max");
      assertThat(Described.reply(scene.refused(Scene.putFrom(100, "1", Scene.until(100.999)))))
          .isEqualTo("CONTRACT_VIOLATION lifetime.min");
      assertThat(Described.reply(scene.refused(Scene.putFrom(100, "1", Scene.until(50)))))
          .isEqualTo("CONTRACT_VIOLATION lifetime.min");
    }

    @Test
    void instantInThePast_makesTheEntryValidAtOnce() {
      scene.send(Scene.putFrom(-100, "1", Scene.ttl(30)));

      assertThat(Described.reply(scene.send(Read.CURRENT))).isEqualTo("found 0.1 until 30 = 1");
    }

    @Test
    void replacement_keepsOrMovesTheInstant() {
      scene.send(Scene.putFrom(100, "1", Scene.ttl(100)));

      scene.at(1).send(Scene.put("2"));
      assertThat(scene.refused(Read.CURRENT).at()).isEqualTo(Scene.instant(100));
      scene.at(2).send(Scene.putFrom(150, "3", Terms.NONE));
      assertThat(scene.refused(Read.CURRENT).at()).isEqualTo(Scene.instant(150));
      scene.at(3).send(Scene.putFrom(0, "4", Terms.NONE));
      assertThat(Described.reply(scene.send(Read.CURRENT))).isEqualTo("found 0.4 until 200 = 4");
    }

    @Test
    void replacement_ofALiveEntry_canMakeItPendingWithinItsDeadline() {
      scene.send(Scene.put("1"));

      assertThat(Described.reply(scene.at(1).send(Scene.putFrom(30, "2", Terms.NONE))))
          .isEqualTo("replaced 0.2 until 60 = 2");
      assertThat(scene.refused(Read.CURRENT).reason()).isEqualTo(Reason.NOT_YET_VALID);
      assertThat(Described.reply(scene.refused(Scene.putFrom(60, "3", Terms.NONE))))
          .isEqualTo("CONTRACT_VIOLATION lifetime.min");
      assertThat(Described.reply(scene.refused(Scene.putFrom(3602, "3", Terms.NONE))))
          .isEqualTo("CONTRACT_VIOLATION lifetime.max");
    }

    /** Clocks of two nodes differ by a little, and each follows its wall clock back as well. */
    @Test
    void mutation_underAClockThatSteppedBack_leavesTheEntryReadable() {
      scene.send(Scene.put("1"));

      scene.at(-0.2).send(Scene.put("2"));

      assertThat(Described.reply(scene.at(-0.1).send(Read.CURRENT)))
          .isEqualTo("found 0.2 until 60 = 2");
    }
  }

  @Nested
  final class Bounds {
    private static final Lifetime TIGHT =
        new Lifetime(
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            Renewal.RENEWABLE,
            Duration.ofMinutes(30),
            Duration.ZERO);

    @ParameterizedTest
    @CsvSource({
      "0.999, CONTRACT_VIOLATION lifetime.min",
      "0, CONTRACT_VIOLATION lifetime.min",
      "1, created 0.1 until 1 = 1",
      "1800, created 0.1 until 1800 = 1",
      "1800.001, CONTRACT_VIOLATION lifetime.total",
      "3600.001, CONTRACT_VIOLATION lifetime.max lifetime.total",
    })
    void ttl_outsideTheBounds_isRefusedByTheNameOfTheRule(double seconds, String reply) {
      scene.contract = Scene.with(TIGHT);

      assertThat(Described.reply(scene.send(Scene.put("1", Scene.ttl(seconds))))).isEqualTo(reply);
      assertThat(
              Described.reply(new Scene(scene.contract).send(Scene.put("1", Scene.until(seconds)))))
          .isEqualTo(reply);
    }

    @Test
    void deadlineInThePast_isRefused() {
      assertThat(Described.reply(scene.refused(Scene.put("1", Scene.until(-5)))))
          .isEqualTo("CONTRACT_VIOLATION lifetime.min");
    }

    @Test
    void value_aboveItsSize_isRefusedOnEveryPath() {
      scene.contract = Scene.with(Scene.limits(8));
      assertThat(Described.reply(scene.refused(Scene.put("\"12345678\""))))
          .isEqualTo("VALUE_TOO_LARGE limits.valueBytes");
      assertThat(scene.refused(Scene.increment("18446744073709551614", "1", Terms.NONE)).reason())
          .isEqualTo(Reason.VALUE_TOO_LARGE);
      scene.send(Scene.put("\"1234567\""));

      assertThat(scene.refused(Scene.put("\"12345678\"")).reason())
          .isEqualTo(Reason.VALUE_TOO_LARGE);
      assertThat(scene.refused(Scene.merge("\"12345678\"", Terms.NONE)).reason())
          .isEqualTo(Reason.VALUE_TOO_LARGE);
      assertThat(
              scene
                  .refused(
                      new EntryCommand.Patch(
                          Json.patch("{\"op\":\"add\",\"path\":\"\",\"value\":\"12345678\"}"),
                          Terms.NONE))
                  .reason())
          .isEqualTo(Reason.VALUE_TOO_LARGE);
    }

    @Test
    void tombstoneOfNoTime_isPurgedByTheCommandThatFindsTheEnd() {
      scene.contract = Scene.with(TIGHT);
      scene.send(Scene.put("1", Scene.ttl(5)));

      assertThat(Described.reply(scene.at(9).send(Scene.put("2"))))
          .isEqualTo("created 9.1 until 69 = 2");
      assertThat(Described.events(scene.events))
          .isEqualTo("Created(0.1) Ended(0.2) Purged(0.2) Created(9.1)");
    }
  }

  @Nested
  final class Endings {
    @Test
    void delete_givesTheReceiptOfTheEnd() {
      scene.send(Scene.put("1"));
      scene.send(Scene.put("2"));

      var accepted = scene.at(7).accepted(Scene.delete());

      assertThat(accepted.value()).isNull();
      assertThat(Described.reply(accepted)).isEqualTo("deleted 0.3 until 7");
      assertThat(accepted.receipt().createdAt()).isEqualTo(Scene.instant(0));
      assertThat(accepted.receipt().updatedAt()).isEqualTo(Scene.instant(7));
    }

    @Test
    void lateEnd_isAtTheDeadlineAndItsTombstoneStandsInFull() {
      scene.send(Scene.put("1", Scene.ttl(5)));

      scene.at(100).send(Settle.NOW);

      assertThat(scene.state)
          .isInstanceOfSatisfying(
              EntryState.Ended.class,
              ended -> {
                assertThat(ended.endedAtMillis()).isEqualTo(Scene.instant(5).toEpochMilli());
                assertThat(ended.purgeAtMillis()).isEqualTo(Scene.instant(700).toEpochMilli());
              });
      assertThat(scene.events.get(1).fact().atMillis())
          .isEqualTo(Scene.instant(100).toEpochMilli());
    }

    @Test
    void settle_beforeTheDeadlineAndBeforeThePurge_doesNothing() {
      scene.send(Scene.put("1"));
      scene.at(59.999).send(Settle.NOW);
      assertThat(scene.events).hasSize(1);
      scene.at(60).send(Settle.NOW);
      scene.at(659.999).send(Settle.NOW);
      assertThat(scene.events).hasSize(2);

      scene.at(660).send(Settle.NOW);

      assertThat(Described.events(scene.events)).isEqualTo("Created(0.1) Ended(0.2) Purged(0.2)");
    }

    @Test
    void syncedContract_forcesEveryEvent() {
      scene.contract = Scene.with(Durability.SYNCED);
      scene.send(Scene.put("1"));
      scene.send(Scene.touch(Terms.NONE));
      scene.at(60).send(Settle.NOW);
      scene.at(660).send(Settle.NOW);

      assertThat(scene.events).hasSize(4).allMatch(EntryEvent::forced);
    }
  }

  @Nested
  final class Incarnations {
    @Test
    void incarnation_isTheInstantOfTheCreation() {
      assertThat(scene.accepted(Scene.put("1")).receipt().version())
          .isEqualTo(new Version(Scene.NOW.toEpochMilli(), 1));
    }

    @Test
    void incarnation_underAClockThatSteppedBack_stillGrows() {
      long first = scene.accepted(Scene.put("1")).receipt().version().incarnation();
      scene.send(Scene.delete());

      long second = scene.at(-3600).accepted(Scene.put("2")).receipt().version().incarnation();

      assertThat(second).isEqualTo(first + 1);
    }

    @Test
    void incarnation_afterAPurge_stillGrows() {
      scene.at(7200).send(Scene.put("1"));
      long first = scene.version().incarnation();
      scene.send(Scene.delete());
      scene.at(9000).send(Settle.NOW);
      assertThat(scene.state).isEqualTo(new EntryState.Absent(first));

      long inTheSameActor = scene.at(0).accepted(Scene.put("2")).receipt().version().incarnation();
      Scene another = new Scene();
      another.purgedIncarnation = first;
      long inAnother = another.accepted(Scene.put("2")).receipt().version().incarnation();

      assertThat(inTheSameActor).isEqualTo(first + 1);
      assertThat(inAnother).isEqualTo(first + 1);
    }
  }

  @Test
  void event_inAStateThatCannotHaveIt_isADefect() {
    scene.send(Scene.put("1"));
    scene.send(Scene.put("2"));
    EntryEvent created = scene.events.get(0);
    EntryEvent updated = scene.events.get(1);
    List<EntryEvent> ended = scene.decide(Scene.delete()).events();

    assertThatIllegalStateException().isThrownBy(() -> created.applyTo(scene.state));
    assertThatIllegalStateException().isThrownBy(() -> updated.applyTo(EntryState.initial()));
    assertThatIllegalStateException().isThrownBy(() -> ended.get(0).applyTo(EntryState.initial()));
  }
}
