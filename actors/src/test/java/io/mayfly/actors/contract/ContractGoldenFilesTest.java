package io.mayfly.actors.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.mayfly.actors.entry.SealedFamily;
import io.mayfly.actors.patch.Json;
import io.mayfly.actors.wire.WireSerializer;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was once written to a journal is read for ever. A golden file is never changed; {@code
 * -Dmayfly.golden.write=true} writes those that are missing.
 */
final class ContractGoldenFilesTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/golden/contract/v1");
  private static final ActorTestKit KIT = ActorTestKit.create("contract-golden");
  private static final WireSerializer WIRE =
      new WireSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));
  private static final Map<String, WireMessage> SAMPLES = samples();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
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
    WireMessage sample = Objects.requireNonNull(SAMPLES.get(name));
    Path cbor = DIRECTORY.resolve(name + ".cbor");
    Path json = DIRECTORY.resolve(name + ".json");
    if (!Files.exists(cbor) && Boolean.getBoolean("mayfly.golden.write")) {
      Files.createDirectories(DIRECTORY);
      Files.write(cbor, WIRE.toBinary(sample));
      Files.writeString(json, readable(Files.readAllBytes(cbor)));
    }

    assertThat(cbor).as("write it once with -Dmayfly.golden.write=true").exists();
    byte[] bytes = Files.readAllBytes(cbor);
    assertThat(WIRE.fromBinary(bytes, WIRE.manifest(sample))).isEqualTo(sample);
    assertThat(json).hasContent(readable(bytes));
  }

  @Test
  void everyEventAndTheState_haveAGoldenFile() throws IOException {
    Set<Class<?>> expected = new HashSet<>(SealedFamily.members(ContractEvent.class));
    expected.add(ContractState.class);
    Set<String> files;
    try (Stream<Path> paths = Files.list(DIRECTORY)) {
      files = paths.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    }

    assertThat(
            SAMPLES.values().stream().<Class<?>>map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(expected);
    assertThat(files)
        .containsExactlyInAnyOrderElementsOf(
            names().stream().flatMap(n -> Stream.of(n + ".cbor", n + ".json")).toList());
  }

  private static String readable(byte[] cbor) throws IOException {
    return JsonMapper.builder()
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(new CBORMapper().readTree(cbor))
        + "\n";
  }
}
