package io.mayfly.actors.contract;

import io.mayfly.actors.entry.SealedFamily;
import io.mayfly.actors.patch.Json;
import io.mayfly.actors.wire.GoldenFiles;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.Mutation;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Flag;
import io.mayfly.protocol.contract.Privacy;
import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.Origin;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the journal keeps of this noun. See {@link GoldenFiles}. */
final class ContractGoldenFilesTest {
  private static final Map<String, WireMessage> SAMPLES = samples();
  private static final GoldenFiles FILES = new GoldenFiles("contract", SAMPLES, Set.of());

  @AfterAll
  static void stop() {
    FILES.close();
  }

  private static Map<String, WireMessage> samples() {
    Origin origin = new Origin("deploy", "alice", "00-0af7651916cd43dd8448eb211c80319c-01-01");
    ContractDocument plain = new ContractDocument("carts", 1, "", "", Contract.STANDARD);
    Contract contract =
        Contract.STANDARD
            .with(Durability.SYNCED)
            .with(
                new Mutation(
                    Set.of("cart-svc"), true, true, Map.of(Transition.ROLLBACK, Flag.SHADOW)))
            .with(Privacy.PERSONAL)
            .withSchema(Json.value("{\"type\":\"object\"}"));
    ContractDocument full = new ContractDocument("carts", 7, "team", "Zoë's carts", contract);
    Map<String, WireMessage> samples = new TreeMap<>();
    samples.put("event-stored-standard", new ContractEvent.Stored(1, 1, Origin.UNKNOWN, plain));
    samples.put("event-stored-full", new ContractEvent.Stored(9, 1_800_000_000_000L, origin, full));
    samples.put(
        "event-withdrawn",
        new ContractEvent.Withdrawn(10, 1_800_000_000_001L, origin, "carts", 7, "old"));
    samples.put(
        "state",
        new ContractState(
            Map.of(
                "carts", new ContractState.Slot(9, 7, full),
                "gone", new ContractState.Slot(10, 2, null)),
            10,
            3,
            4));
    return samples;
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
  void everyEventAndTheState_haveAGoldenFile() {
    Set<Class<?>> expected = new HashSet<>(SealedFamily.members(ContractEvent.class));
    expected.add(ContractState.class);

    FILES.assertSamplesOf(expected);
  }

  @Test
  void everyGoldenFile_isRead() throws IOException {
    FILES.assertNoOthers();
  }
}
