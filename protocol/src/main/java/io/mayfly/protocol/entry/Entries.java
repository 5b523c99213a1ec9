package io.mayfly.protocol.entry;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The port through which commands reach entries, wherever they live. */
public interface Entries {
  /**
   * Sends a command to the one actor of the key.
   *
   * <p>The stage always completes, and never exceptionally: a command that finds no way is a {@link
   * Refusal} with the reason. One without an answer in time is {@link Refusal.Reason#NOT_BEGUN}
   * when it was not and will not be decided, and otherwise {@link Refusal.Reason#OUTCOME_UNKNOWN}.
   * A command that is sent after the reply to another one came is decided after it.
   *
   * <p>The stage is a plain one: what is chained on it without an executor runs on the thread that
   * completes it, or on the caller's own.
   *
   * @param timeout how long the caller waits
   */
  CompletionStage<EntryReply> send(EntryId id, EntryCommand command, Duration timeout);
}
