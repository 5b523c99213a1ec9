package io.mayfly.cli;

import io.mayfly.cli.client.Failure;
import io.mayfly.cli.client.Target;
import io.mayfly.cli.screen.Progress;
import io.mayfly.cli.stream.Items;
import io.mayfly.cli.stream.Pieces;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Brings the items of a file to the server in pieces, sends what there is whenever the input
 * pauses, and shows how far that is.
 *
 * @param patient whether an item that was refused for now is sent again, as {@link Pieces} does
 */
record Piping(Asking command, Target target, boolean patient, Progress progress) {
  /**
   * Sends all items.
   *
   * @param added takes each item, and adds it to the pieces
   * @param sent runs whenever all that was read is answered
   */
  void all(String file, BiConsumer<Pieces, byte[]> added, Pieces.Taker taker, Runnable sent)
      throws IOException {
    Pieces pieces =
        new Pieces(
            command.client(),
            target,
            patient,
            (index, line, answer) -> {
              progress.add(line.length);
              taker.answered(index, line, answer);
            });
    Runnable send =
        () -> {
          pieces.flush();
          sent.run();
        };
    try (progress;
        Items items = Items.of(new Input(command.screen()).file(file))) {
      all(items, item -> added.accept(pieces, item), send);
    }
  }

  private static void all(Items items, Consumer<byte[]> added, Runnable send) throws IOException {
    long read = 0;
    try {
      byte[] item;
      while ((item = items.next()) != null) {
        read++;
        added.accept(item);
        if (!items.ready()) {
          send.run();
        }
      }
    } catch (IllegalArgumentException e) {
      send.run();
      throw Failure.usage(
          "The input is not usable after item " + read + ": " + e.getMessage(),
          "What stands before was sent. Mend the input; a line is a JSON document.");
    }
    send.run();
  }
}
