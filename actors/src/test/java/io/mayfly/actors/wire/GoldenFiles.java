package io.mayfly.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.mayfly.protocol.WireMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * What was once written to a journal is read for ever. A golden file is never changed; {@code
 * -Dmayfly.golden.write=true} writes those that are missing. In {@code v1} records are maps, in
 * {@code v2} arrays.
 */
public final class GoldenFiles implements AutoCloseable {
  private final Path directory;
  private final Map<String, WireMessage> samples;
  private final Set<String> later;
  private final ActorTestKit kit;
  private final WireSerializer wire;

  /**
   * The golden files of one noun.
   *
   * @param samples what each file holds, by its name without ending
   * @param later the samples that the first version could not have written
   */
  public GoldenFiles(String noun, Map<String, WireMessage> samples, Set<String> later) {
    this.directory = Path.of("src/test/resources/golden", noun);
    this.samples = Map.copyOf(samples);
    this.later = Set.copyOf(later);
    this.kit = ActorTestKit.create(noun + "-golden");
    this.wire = new WireSerializer((ExtendedActorSystem) Adapter.toClassic(kit.system()));
  }

  /**
   * Asserts that a file is read as the sample that it was written from, and so is the one that is
   * spelt as the first version spelt it.
   */
  public void assertRead(String name) throws IOException {
    WireMessage sample = Objects.requireNonNull(samples.get(name));
    String written = wire.manifest(sample);
    Path cbor = cbor(written, name);
    if (!Files.exists(cbor) && Boolean.getBoolean("mayfly.golden.write")) {
      Files.createDirectories(Objects.requireNonNull(cbor.getParent()));
      Files.write(cbor, wire.toBinary(sample));
      Files.writeString(json(cbor), readable(Files.readAllBytes(cbor)));
    }

    for (Map.Entry<String, WireSerializer.Family> family : WireSerializer.FAMILIES.entrySet()) {
      Path file = cbor(family.getKey(), name);
      boolean expected = family.getKey().equals(written) || !later.contains(name);
      if (family.getValue().type().isInstance(sample) && expected) {
        assertThat(file).as("write it once with -Dmayfly.golden.write=true").exists();
        byte[] bytes = Files.readAllBytes(file);
        assertThat(wire.fromBinary(bytes, family.getKey())).isEqualTo(sample);
        assertThat(json(file)).hasContent(readable(bytes));
      }
    }
  }

  private Path cbor(String manifest, String name) {
    return directory.resolve(manifest.endsWith("-2") ? "v2" : "v1").resolve(name + ".cbor");
  }

  private static Path json(Path cbor) {
    return cbor.resolveSibling(cbor.getFileName().toString().replace(".cbor", ".json"));
  }

  /** Asserts that exactly these classes have samples. */
  public void assertSamplesOf(Set<Class<?>> classes) {
    assertThat(
            samples.values().stream().<Class<?>>map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(classes);
  }

  /** Asserts that the directories hold files of the samples and no others. */
  public void assertNoOthers() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      assertThat(paths.filter(Files::isRegularFile).map(path -> path.getFileName().toString()))
          .isSubsetOf(
              samples.keySet().stream()
                  .flatMap(name -> Stream.of(name + ".cbor", name + ".json"))
                  .toList());
    }
  }

  private static String readable(byte[] cbor) throws IOException {
    return JsonMapper.builder()
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(new CBORMapper().readTree(cbor))
        + "\n";
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
