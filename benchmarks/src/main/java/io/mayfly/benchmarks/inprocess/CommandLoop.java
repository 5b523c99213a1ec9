package io.mayfly.benchmarks.inprocess;

import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Refusal;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;

/**
 * Keeps a number of commands in flight: each answer sends the next command, on the thread that
 * answered, so that no thread of a driver competes for the processor.
 */
final class CommandLoop {
  private final LongFunction<CompletionStage<EntryReply>> sender;
  private final long commandsMax;
  private final AtomicLong sent = new AtomicLong();
  private final LongAdder answers = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final CountDownLatch working;
  private volatile boolean stopped;

  private CommandLoop(
      LongFunction<CompletionStage<EntryReply>> sender, int inFlight, long commandsMax) {
    this.sender = sender;
    this.commandsMax = commandsMax;
    working = new CountDownLatch(inFlight);
  }

  /**
   * Starts to send.
   *
   * @param sender sends the command with a running number, from 0
   * @param commandsMax the loop ends after so many, at the latest
   */
  static CommandLoop start(
      LongFunction<CompletionStage<EntryReply>> sender, int inFlight, long commandsMax) {
    CommandLoop loop = new CommandLoop(sender, inFlight, commandsMax);
    for (int i = 0; i < inFlight; i++) {
      loop.next();
    }
    return loop;
  }

  private void next() {
    long number = sent.getAndIncrement();
    if (stopped || number >= commandsMax) {
      working.countDown();
      return;
    }
    var unused =
        sender
            .apply(number)
            .whenComplete(
                (reply, failure) -> {
                  answers.increment();
                  if (failure != null || reply instanceof Refusal) {
                    refusals.increment();
                  }
                  next();
                });
  }

  /** Lets time pass while it works; returns early when it has ended. */
  void pass(Duration duration) throws InterruptedException {
    var unused = working.await(duration.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Sends no more, and returns when all answers are there. */
  void stop() throws InterruptedException {
    stopped = true;
    await();
  }

  /** Returns when the most commands that it may send are answered. */
  void await() throws InterruptedException {
    working.await();
  }

  /** Answers so far, whatever they say. */
  long answers() {
    return answers.sum();
  }

  /** Answers so far that are refusals. */
  long refusals() {
    return refusals.sum();
  }
}
