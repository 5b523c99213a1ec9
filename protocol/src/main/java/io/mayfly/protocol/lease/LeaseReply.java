package io.mayfly.protocol.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a resource answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = LeaseReply.Defined.class, name = "defined"),
  @JsonSubTypes.Type(value = LeaseReply.Granted.class, name = "granted"),
  @JsonSubTypes.Type(value = LeaseReply.Released.class, name = "released"),
  @JsonSubTypes.Type(value = LeaseReply.Found.class, name = "found"),
  @JsonSubTypes.Type(value = LeaseReply.Story.class, name = "story"),
  @JsonSubTypes.Type(value = LeaseReply.Settled.class, name = "settled"),
  @JsonSubTypes.Type(value = LeaseRefusal.class, name = "refusal"),
})
public sealed interface LeaseReply extends WireMessage
    permits LeaseReply.Defined,
        LeaseReply.Granted,
        LeaseReply.Released,
        LeaseReply.Found,
        LeaseReply.Story,
        LeaseReply.Settled,
        LeaseRefusal {

  /** Picks the case of this reply. */
  <R> R match(Cases<R> cases);

  /** One method per reply. */
  interface Cases<R> {
    R defined(Defined reply);

    R granted(Granted reply);

    R released(Released reply);

    R found(Found reply);

    R story(Story reply);

    R settled(Settled reply);

    R refused(LeaseRefusal reply);
  }

  /** The resource has this capacity and cooldown now. */
  record Defined(boolean created, View view) implements LeaseReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.defined(this);
    }
  }

  /**
   * A lease stands: it was acquired or renewed.
   *
   * @param leaseId opaque, by which its holder renews and releases it
   * @param capacity the capacity of the resource when the lease was given
   * @param replayed whether this is the remembered answer to an earlier request, which had the one
   *     effect
   */
  record Granted(
      String leaseId,
      long token,
      String holder,
      int permits,
      Instant expiresAt,
      int capacity,
      boolean replayed)
      implements LeaseReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.granted(this);
    }
  }

  /**
   * The lease is released, now or before.
   *
   * @param replayed whether this is the remembered answer to an earlier request
   */
  record Released(boolean replayed) implements LeaseReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.released(this);
    }
  }

  /** The resource stands. */
  record Found(View view) implements LeaseReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.found(this);
    }
  }

  /** What happened to the resource, newest last. */
  record Story(List<LeaseHistoryEvent> events) implements LeaseReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.story(this);
    }
  }

  /** What is stored agrees with the clock. */
  record Settled() implements LeaseReply {
    /** The only one. */
    public static final Settled INSTANCE = new Settled();

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.settled(this);
    }
  }

  /**
   * A resource as everybody may see it.
   *
   * @param available the permits that are neither held nor resting
   * @param holders the leases that stand, oldest first
   * @param waiting how many acquires stand in the queue
   * @param highestToken the highest fencing token ever given for this resource, or a floor above it
   */
  record View(
      int capacity,
      Duration cooldown,
      int available,
      List<Holder> holders,
      int waiting,
      long highestToken)
      implements WireMessage {}
}
