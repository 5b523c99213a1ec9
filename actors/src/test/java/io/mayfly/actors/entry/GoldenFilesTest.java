package io.mayfly.actors.entry;

import io.mayfly.actors.patch.Json;
import io.mayfly.actors.recent.Recent;
import io.mayfly.actors.wire.GoldenFiles;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.HistoryEvent;
import io.mayfly.protocol.entry.HistoryEvent.Kind;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.VersionVector;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the journal keeps of this noun. See {@link GoldenFiles}. */
final class GoldenFilesTest {
  private static final Map<String, WireMessage> SAMPLES = samples();
  private static final GoldenFiles FILES =
      new GoldenFiles(
          "entry", SAMPLES, Set.of("event-renewed-early", "event-deferred", "state-live-early"));

  @AfterAll
  static void stop() {
    FILES.close();
  }

  private static Map<String, WireMessage> samples() {
    Origin origin = new Origin("cart-svc", "alice", "00-0af7651916cd43dd8448eb211c80319c-01-01");
    Fact bare = fact(1, Origin.UNKNOWN, 0, false);
    Fact full = fact(2, origin, 1_800_000_060_000L, true);
    Fact marked =
        new Fact(
            Scene.ID,
            new Version(1_800_000_000_000L, 1),
            1_800_000_001_000L,
            origin,
            0,
            32,
            true,
            new Mark(
                34,
                new RetryKey("retry-1", "AAECAwQFBgcICQoLDA0ODw", true),
                600_000,
                64,
                0,
                Durability.SYNCED,
                null,
                null),
            0);
    Fact fenced =
        new Fact(
            Scene.ID,
            new Version(1_800_000_000_000L, 1),
            1_800_000_001_000L,
            origin,
            0,
            32,
            false,
            new Mark(35, null, 600_000, 64, 0, Durability.JOURNALED, null, null),
            0);
    VersionVector vector = new VersionVector(Map.of("cart", 3L, "price", 9L));
    Fact stamped =
        new Fact(
            Scene.ID,
            new Version(1_800_000_000_000L, 2),
            1_800_000_001_000L,
            origin,
            1_800_000_060_000L,
            32,
            false,
            new Mark(
                0,
                null,
                600_000,
                64,
                0,
                Durability.JOURNALED,
                Stamp.vector(vector, Instant.ofEpochMilli(1_800_000_000_900L)),
                Json.value("7")),
            0);
    Value value = Json.value("{\"items\":[1,18446744073709551615,0.5,null],\"who\":\"Zoë\"}");
    Life life =
        new Life(
            new Version(1_800_000_000_000L, 2),
            1_800_000_000_000L,
            1_800_000_001_000L,
            1_800_000_000_000L,
            1_800_000_090_000L,
            60_000,
            value,
            null,
            0);
    HistoryEvent told = full.told(Kind.UPDATED, Outcome.REPLACED, 1_800_000_090_000L);
    HistoryEvent end =
        new HistoryEvent(
            new Version(1_700_000_000_000L, 3),
            Instant.ofEpochMilli(1_700_000_000_001L),
            Kind.ENDED,
            null,
            Origin.UNKNOWN,
            null,
            EndReason.EXPIRED);
    Story story = new Story(List.of(new Story.Chapter(end, null), new Story.Chapter(told, value)));
    Map<String, WireMessage> samples = new TreeMap<>();
    samples.put(
        "event-created",
        new EntryEvent.Created(bare, 1_800_000_000_000L, 1_800_000_060_000L, 60_000, value));
    samples.put(
        "event-updated",
        new EntryEvent.Updated(
            full, Outcome.REPLACED, 1_800_000_000_000L, 1_800_000_090_000L, 60_000, value));
    samples.put(
        "event-renewed",
        new EntryEvent.Renewed(full, 1_800_000_000_000L, 1_800_000_090_000L, 60_000));
    Fact early =
        new Fact(
            Scene.ID,
            new Version(1_800_000_000_000L, 2),
            1_800_000_001_000L,
            Origin.UNKNOWN,
            1_800_000_060_000L,
            32,
            false,
            null,
            1_800_000_030_000L);
    samples.put(
        "event-renewed-early",
        new EntryEvent.Renewed(early, 1_800_000_000_000L, 1_800_000_090_000L, 60_000));
    samples.put(
        "event-deferred", new EntryEvent.Deferred(early, 1_800_000_000_000L, 1_800_000_060_000L));
    samples.put(
        "state-live-early",
        new EntryState.Live(
            life.until(1_800_000_090_000L, 1_800_000_030_000L), story, Memory.NONE));
    samples.put("event-slid", new EntryEvent.Slid(bare, 1_800_000_000_000L, 1_800_000_090_000L));
    samples.put(
        "event-ended-expired",
        new EntryEvent.Ended(bare, EndReason.EXPIRED, 1_800_000_060_000L, 1_800_000_660_000L));
    samples.put(
        "event-ended-deleted",
        new EntryEvent.Ended(full, EndReason.DELETED, 1_800_000_001_000L, 1_800_000_601_000L));
    samples.put("event-purged", new EntryEvent.Purged(full));
    samples.put("state-absent", new EntryState.Absent(1_800_000_000_000L));
    samples.put("state-pending", new EntryState.Pending(life, story, Memory.NONE));
    samples.put("state-live", new EntryState.Live(life, story, Memory.NONE));
    samples.put(
        "state-ended",
        new EntryState.Ended(
            new Version(1_800_000_000_000L, 3),
            EndReason.DELETED,
            1_800_000_001_000L,
            1_800_000_601_000L,
            story.withoutValues(),
            Memory.NONE));
    samples.put(
        "event-created-marked",
        new EntryEvent.Created(marked, 1_800_000_000_000L, 1_800_000_060_000L, 60_000, value));
    samples.put("event-noted", new EntryEvent.Noted(marked));
    samples.put("event-noted-packed", new EntryEvent.Noted(marked));
    RetryKey awaited = new RetryKey("retry-1", "AAECAwQFBgcICQoLDA0ODw", false);
    samples.put(
        "event-noted-waited",
        new EntryEvent.Noted(
            new Fact(
                Scene.ID,
                new Version(1_800_000_000_000L, 1),
                1_800_000_001_000L,
                origin,
                0,
                32,
                false,
                new Mark(0, awaited, 600_000, 1_024, 65_535, Durability.JOURNALED, null, null),
                0)));
    samples.put(
        "event-created-fenced",
        new EntryEvent.Created(fenced, 1_800_000_000_000L, 1_800_000_060_000L, 60_000, value));
    Memory memory =
        new Memory(
            34,
            Answers.of(
                List.of(
                    new Answer(
                        "retry-1",
                        "AAECAwQFBgcICQoLDA0ODw",
                        1_800_000_001_000L,
                        life.receipt(Outcome.INCREMENTED, Durability.SYNCED),
                        value),
                    new Answer(
                        "retry-2",
                        "AQECAwQFBgcICQoLDA0ODw",
                        1_800_000_001_500L,
                        life.receipt(Outcome.REPLACED, Durability.JOURNALED),
                        null))),
            Recent.none(),
            List.of(),
            0);
    samples.put(
        "event-updated-merged",
        new EntryEvent.Updated(
            stamped, Outcome.MERGED, 1_800_000_000_000L, 1_800_000_090_000L, 60_000, value));
    samples.put(
        "state-live-ordered",
        new EntryState.Live(
            life,
            story,
            new Memory(
                0,
                Answers.NONE,
                new Recent<>(
                    List.of(
                        new Memory.Produced(
                            "cart",
                            17,
                            1_800_000_001_000L,
                            life.receipt(Outcome.REPLACED, Durability.JOURNALED),
                            null))),
                List.of(
                    new Memory.Update("cart", vector, 1_800_000_000_900L, value),
                    new Memory.Update(
                        "price",
                        new VersionVector(Map.of("price", 10L)),
                        1_800_000_000_950L,
                        null)),
                0)));
    samples.put("state-live-remembering", new EntryState.Live(life, story, memory));
    samples.put(
        "state-live-forgetful",
        new EntryState.Live(
            life,
            story,
            new Memory(34, memory.answers(), Recent.none(), List.of(), 1_800_000_000_500L)));
    return samples;
  }

  private static Fact fact(long revision, Origin origin, long wakeBeforeMillis, boolean forced) {
    return new Fact(
        Scene.ID,
        new Version(1_800_000_000_000L, revision),
        1_800_000_001_000L,
        origin,
        wakeBeforeMillis,
        32,
        forced,
        null,
        0);
  }

  static Set<String> names() {
    return SAMPLES.keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void goldenFile_isReadAsWhatItWas(String name) throws IOException {
    FILES.assertRead(name);
  }

  @Test
  void everyEventAndState_hasAGoldenFile() {
    Set<Class<?>> expected = new HashSet<>(SealedFamily.members(EntryEvent.class));
    expected.addAll(SealedFamily.members(EntryState.class));

    FILES.assertSamplesOf(expected);
  }

  @Test
  void everyGoldenFile_isRead() throws IOException {
    FILES.assertNoOthers();
  }
}
