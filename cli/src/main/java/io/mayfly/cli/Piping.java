package io.mayfly.cli;

import io.mayfly.cli.client.Failure;
import io.mayfly.cli.stream.Items;
import io.mayfly.cli.stream.Pieces;
import java.io.IOException;
import java.util.function.Consumer;

/** Brings the items of an input into pieces, and sends what there is whenever the input pauses. */
final class Piping {
  private Piping() {}

  /**
   * Sends all items.
   *
   * @param added takes each item, and adds it to the pieces
   * @param sent runs whenever all that was read is answered
   */
  static void all(Items items, Pieces pieces, Consumer<byte[]> added, Runnable sent)
      throws IOException {
    long read = 0;
    try {
      byte[] item;
      while ((item = items.next()) != null) {
        read++;
        added.accept(item);
        if (!items.ready()) {
          pieces.flush();
          sent.run();
        }
      }
    } catch (IllegalArgumentException e) {
      pieces.flush();
      sent.run();
      throw Failure.usage(
          "The input is not usable after item " + read + ": " + e.getMessage(),
          "What stands before was sent. Mend the input; a line is a JSON document.");
    }
    pieces.flush();
    sent.run();
  }
}
