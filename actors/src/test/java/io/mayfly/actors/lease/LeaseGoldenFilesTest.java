package io.mayfly.actors.lease;

import io.mayfly.actors.entry.SealedFamily;
import io.mayfly.actors.recent.Recent;
import io.mayfly.actors.wire.GoldenFiles;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.lease.LeaseReply.Released;
import java.io.IOException;
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
final class LeaseGoldenFilesTest {
  private static final Map<String, WireMessage> SAMPLES = samples();
  private static final GoldenFiles FILES = new GoldenFiles("lease", SAMPLES, Set.of());

  @AfterAll
  static void stop() {
    FILES.close();
  }

  private static Map<String, WireMessage> samples() {
    Origin origin = new Origin("cart-svc", "alice", "00-0af7651916cd43dd8448eb211c80319c-01-01");
    Fact bare =
        new Fact(
            Stage.ID,
            1_800_000_000_000L,
            Origin.UNKNOWN,
            0,
            1_800_000_010_000L,
            600_000,
            0,
            false,
            null);
    Fact full =
        new Fact(
            Stage.ID,
            1_800_000_001_000L,
            origin,
            1_800_000_010_000L,
            1_800_000_020_000L,
            600_000,
            0,
            true,
            new Mark("retry-1", "AAECAwQFBgcICQoLDA0ODw", 600_000, 64, 0));
    Fact told =
        new Fact(
            Stage.ID,
            1_800_000_012_000L,
            origin,
            1_800_000_010_000L,
            1_800_000_020_000L,
            600_000,
            32,
            false,
            null);
    Held held =
        new Held("lf8k2.AbC_-1", "worker-7", 2, 1_800_000_000_001L, 1_800_000_010_000L, null);
    Memory memory =
        new Memory(
            new Recent<>(
                List.of(
                    new Memory.Answer(
                        "retry-1", "AAECAwQFBgcICQoLDA0ODw", 1_800_000_001_000L, held.granted(5)),
                    new Memory.Answer(
                        "retry-2",
                        "AQECAwQFBgcICQoLDA0ODw",
                        1_800_000_001_500L,
                        new Released(false)))),
            0);
    Resource resource =
        new Resource(
            5,
            250,
            true,
            List.of(held),
            List.of(new Resting(1, 1_800_000_001_250L)),
            List.of(new Bygone("lf8k1.AbC_-0", 1_800_000_601_000L)),
            memory,
            List.of(),
            1_800_000_000_001L,
            1_800_604_800_000L);
    Map<String, WireMessage> samples = new TreeMap<>();
    samples.put("event-defined", new LeaseEvent.Defined(full, 5, 250, 1_700_000_000_000L));
    samples.put("event-granted", granted(bare));
    samples.put("event-granted-marked", granted(full));
    samples.put(
        "event-renewed", new LeaseEvent.Renewed(full, "lf8k2.AbC_-1", 1_800_000_020_000L, null));
    samples.put(
        "event-released", new LeaseEvent.Released(full, "lf8k2.AbC_-1", 1_800_000_601_000L, null));
    samples.put("event-expired", new LeaseEvent.Expired(bare, "lf8k2.AbC_-1", null));
    samples.put("event-purged", new LeaseEvent.Purged(bare, 1_800_000_000_001L));
    samples.put("state-absent", new LeaseState.Absent(1_800_000_000_001L));
    samples.put("state-standing", new LeaseState.Standing(resource));
    LeaseEvent renewed =
        new LeaseEvent.Renewed(told, "lf8k2.AbC_-1", 1_800_000_010_000L, held.shown());
    LeaseEvent expired = new LeaseEvent.Expired(told, "lf8k2.AbC_-1", held.shown());
    samples.put("event-renewed-told", renewed);
    samples.put(
        "event-released-told",
        new LeaseEvent.Released(told, "lf8k2.AbC_-1", 1_800_000_601_000L, held.shown()));
    samples.put("event-expired-told", expired);
    samples.put(
        "state-standing-told", expired.applyTo(renewed.applyTo(new LeaseState.Standing(resource))));
    Fact waited =
        new Fact(
            Stage.ID,
            1_800_000_012_000L,
            origin,
            1_800_000_010_000L,
            1_800_000_020_000L,
            600_000,
            0,
            false,
            new Mark("retry-3", "AAECAwQFBgcICQoLDA0ODw", 600_000, 1, 250));
    samples.put("event-granted-waited", granted(waited));
    samples.put(
        "state-standing-forgetful", granted(waited).applyTo(new LeaseState.Standing(resource)));
    return samples;
  }

  private static LeaseEvent granted(Fact fact) {
    return new LeaseEvent.Granted(
        fact, "lf8k2.AbC_-1", "worker-7", 2, 1_800_000_000_001L, 1_800_000_010_000L);
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
    Set<Class<?>> expected = new HashSet<>(SealedFamily.members(LeaseEvent.class));
    expected.addAll(SealedFamily.members(LeaseState.class));

    FILES.assertSamplesOf(expected);
  }

  @Test
  void everyGoldenFile_isRead() throws IOException {
    FILES.assertNoOthers();
  }
}
