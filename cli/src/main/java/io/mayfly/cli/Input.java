package io.mayfly.cli;

import io.mayfly.cli.client.Failure;
import io.mayfly.cli.screen.Json;
import io.mayfly.cli.screen.Screen;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a command is given: as an argument, in a file, or on standard input. */
final class Input {
  static final String STANDARD = "-";

  private final Screen screen;

  Input(Screen screen) {
    this.screen = screen;
  }

  /** A document: its bytes as they are, after a look whether they are JSON. */
  byte[] document(@Nullable String argument, String what) throws IOException {
    byte[] bytes = bytes(argument, what);
    try {
      var unused = Json.read(bytes);
      return bytes;
    } catch (IllegalArgumentException e) {
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      throw Failure.usage(
          what + " is not JSON: " + shortened(text) + " (" + e.getMessage() + ")",
          "A text is written '\"text\"' in a shell, or sent as one with --text. A file is @FILE.");
    }
  }

  /** A text, as a document. */
  byte[] text(@Nullable String argument, String what) throws IOException {
    return Json.quoted(new String(bytes(argument, what), StandardCharsets.UTF_8));
  }

  private byte[] bytes(@Nullable String argument, String what) throws IOException {
    if (argument == null && screen.typed()) {
      throw Failure.usage(what + " is missing", "Name it, or a file as @FILE, or pipe it in.");
    }
    if (argument == null || argument.equals(STANDARD)) {
      return screen.in().readAllBytes();
    }
    if (argument.startsWith("@")) {
      try (InputStream file = file(argument.substring(1))) {
        return file.readAllBytes();
      }
    }
    return argument.getBytes(StandardCharsets.UTF_8);
  }

  /** A file, or standard input for {@code -}, which stays open. */
  InputStream file(String name) throws IOException {
    if (name.equals(STANDARD)) {
      return new FilterInputStream(screen.in()) {
        @Override
        public void close() {}
      };
    }
    try {
      return Files.newInputStream(Path.of(name));
    } catch (NoSuchFileException e) {
      throw Failure.usage("There is no file " + name, "Standard input is -.");
    }
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
