package io.mayfly.http;

import io.mayfly.protocol.entry.EntryReply;

/** Replies where only some can come; any other is a defect of the port. */
abstract class Expecting<R> implements EntryReply.Cases<R> {
  @Override
  public R accepted(EntryReply.Accepted reply) {
    throw unexpected(reply);
  }

  @Override
  public R shadowed(EntryReply.Shadowed reply) {
    throw unexpected(reply);
  }

  @Override
  public R found(EntryReply.Found reply) {
    throw unexpected(reply);
  }

  @Override
  public R story(EntryReply.Story reply) {
    throw unexpected(reply);
  }

  @Override
  public R settled(EntryReply.Settled reply) {
    throw unexpected(reply);
  }

  private static IllegalStateException unexpected(EntryReply reply) {
    return new IllegalStateException("unexpected reply: " + reply.getClass().getSimpleName());
  }
}
