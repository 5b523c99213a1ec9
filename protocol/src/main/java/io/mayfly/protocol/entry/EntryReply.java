package io.mayfly.protocol.entry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Durability;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an entry answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = EntryReply.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = EntryReply.Shadowed.class, name = "shadowed"),
  @JsonSubTypes.Type(value = EntryReply.Found.class, name = "found"),
  @JsonSubTypes.Type(value = EntryReply.Story.class, name = "story"),
  @JsonSubTypes.Type(value = EntryReply.Settled.class, name = "settled"),
  @JsonSubTypes.Type(value = Refusal.class, name = "refusal"),
})
public sealed interface EntryReply extends WireMessage
    permits EntryReply.Accepted,
        EntryReply.Shadowed,
        EntryReply.Found,
        EntryReply.Story,
        EntryReply.Settled,
        Refusal {

  /** Picks the case of this reply. */
  <R> R match(Cases<R> cases);

  /** One method per reply. */
  interface Cases<R> {
    R accepted(Accepted reply);

    R shadowed(Shadowed reply);

    R found(Found reply);

    R story(Story reply);

    R settled(Settled reply);

    R refused(Refusal reply);
  }

  /**
   * A mutation was accepted.
   *
   * @param value the value after it; absent for a deletion
   * @param replayed whether this is the remembered answer to an earlier request, which had the one
   *     effect
   */
  record Accepted(Receipt receipt, @Nullable Value value, boolean replayed) implements EntryReply {
    /** The answer to a request that had its effect now. */
    public Accepted(Receipt receipt, @Nullable Value value) {
      this(receipt, value, false);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.accepted(this);
    }
  }

  /**
   * A mutation would have been accepted, and was not applied: its transition is in shadow.
   *
   * @param version the standing version; absent when no entry stands
   */
  record Shadowed(@Nullable Version version, @Nullable Instant expiresAt, Durability durability)
      implements EntryReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.shadowed(this);
    }
  }

  /** The entry is readable. */
  record Found(EntryView view) implements EntryReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.found(this);
    }
  }

  /** The key's story, newest last. */
  record Story(List<HistoryEvent> events) implements EntryReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.story(this);
    }
  }

  /** What is stored agrees with the clock. */
  record Settled() implements EntryReply {
    /** The only one. */
    public static final Settled INSTANCE = new Settled();

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.settled(this);
    }
  }
}
