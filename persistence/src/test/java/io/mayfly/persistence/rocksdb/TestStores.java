package io.mayfly.persistence.rocksdb;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;

/** Stores, and actor systems on them, for tests. */
final class TestStores {
  private TestStores() {}

  /** Settings without compression, so that bytes can be looked for in files. */
  static StoreSettings settings() {
    return StoreSettings.from(config());
  }

  static RocksStore open(Path directory) {
    return RocksStore.open(directory, settings());
  }

  static Config config() {
    return ConfigFactory.parseString(
            """
            pekko.persistence.journal.plugin = mayfly.persistence.rocksdb.journal
            pekko.persistence.snapshot-store.plugin = mayfly.persistence.rocksdb.snapshot-store
            pekko.actor.allow-java-serialization = on
            pekko.actor.warn-about-java-serializer-usage = off
            pekko.actor.serializers.noted = "io.mayfly.persistence.rocksdb.NotedSerializer"
            pekko.actor.serialization-bindings."io.mayfly.persistence.rocksdb.Noted" = noted
            pekko.loglevel = WARNING
            mayfly.persistence.rocksdb {
              compression = off
              erasure.interval = 1h
            }
            """)
        .withFallback(ConfigFactory.load());
  }

  /** Configuration for plug-ins that open the store by themselves. */
  static Config selfOpening(Path directory) {
    return ConfigFactory.parseMap(
            Map.of(StoreSettings.PATH + ".data-directory", directory.toString()))
        .withFallback(config());
  }

  static ActorSystem system(RocksStore store) {
    return ActorSystem.create(
        "store",
        ActorSystemSetup.create(BootstrapSetup.create(config()), RocksStoreSetup.of(store)));
  }

  /** Copies the files of a store that is in use: what a killed process leaves behind. */
  static Path copy(Path directory, Path target) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = target.resolve(directory.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files in which the text's bytes occur. Files may vanish meanwhile. */
  static List<String> filesContaining(Path directory, String text) {
    while (true) {
      try {
        return containing(directory, text);
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof NoSuchFileException)) {
          throw e;
        }
      }
    }
  }

  private static List<String> containing(Path directory, String text) {
    String wanted = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> read(file).contains(wanted))
          .map(file -> file.getFileName().toString().toLowerCase(Locale.ROOT))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
