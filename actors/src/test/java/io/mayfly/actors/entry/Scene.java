package io.mayfly.actors.entry;

import io.mayfly.actors.patch.Json;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.Contract.History;
import io.mayfly.protocol.contract.Contract.Lifetime;
import io.mayfly.protocol.contract.Contract.Limits;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.contract.ValueRule;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Accepted;
import io.mayfly.protocol.entry.EntryReply.Found;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.Precondition.Tags;
import io.mayfly.protocol.entry.Refusal;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One key under a contract and a clock that tests set. Times are seconds from {@link #NOW}. */
final class Scene {
  static final EntryId ID = new EntryId("ns", "key");
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  static final Contract CONTRACT =
      Contract.STANDARD
          .with(
              new Lifetime(
                  Duration.ofSeconds(60),
                  Duration.ofSeconds(1),
                  Duration.ofHours(1),
                  Renewal.RENEWABLE,
                  Duration.ofHours(2),
                  Duration.ofMinutes(10)))
          .with(new History(4))
          .with(limits(100));

  final List<EntryEvent> events = new ArrayList<>();
  EntryState state = EntryState.initial();
  Contract contract = CONTRACT;
  ValueRule rule = ValueRule.NONE;
  long nowMillis = NOW.toEpochMilli();
  long purgedIncarnation;

  Scene() {}

  Scene(Contract contract) {
    this.contract = contract;
  }

  /** What a look at the scene's entry sees without its actor; absent when it sees nothing. */
  static @Nullable EntryReply look(Residents residents, EntryCommand.Looking command) {
    Residents.Resident resident = residents.find(ID);
    return resident == null ? null : residents.look(ID, resident, command);
  }

  static Contract with(Renewal renewal) {
    Lifetime l = CONTRACT.lifetime();
    return with(new Lifetime(l.standard(), l.min(), l.max(), renewal, l.total(), l.tombstone()));
  }

  static Contract with(Lifetime lifetime) {
    return CONTRACT.with(lifetime);
  }

  static Contract with(Durability durability) {
    return CONTRACT.with(durability);
  }

  static Contract with(History history) {
    return CONTRACT.with(history);
  }

  static Contract with(Limits limits) {
    return CONTRACT.with(limits);
  }

  static Limits limits(int valueBytes) {
    return new Limits(valueBytes, 0, 256, 4_096, 0);
  }

  static Instant instant(double seconds) {
    return NOW.plusMillis(Math.round(seconds * 1000));
  }

  /** Moves the clock, also backwards. */
  Scene at(double seconds) {
    nowMillis = instant(seconds).toEpochMilli();
    return this;
  }

  Decision decide(EntryCommand command) {
    return decide(command, nowMillis);
  }

  private Decision decide(EntryCommand command, long sinceMillis) {
    return state.decide(
        command, new Situation(ID, contract, rule, nowMillis, sinceMillis, purgedIncarnation));
  }

  /** Decides and applies. */
  EntryReply send(EntryCommand command) {
    return send(command, nowMillis);
  }

  /** The same for a command that waited for its turn since an instant. */
  EntryReply send(EntryCommand command, long sinceMillis) {
    Decision decision = decide(command, sinceMillis);
    for (EntryEvent event : decision.events()) {
      state = event.applyTo(state);
      events.add(event);
    }
    return decision.reply();
  }

  Accepted accepted(EntryCommand command) {
    EntryReply reply = send(command);
    if (reply instanceof Accepted accepted) {
      return accepted;
    }
    throw new AssertionError("not accepted: " + reply);
  }

  Refusal refused(EntryCommand command) {
    int before = events.size();
    EntryReply reply = send(command);
    if (reply instanceof Refusal refusal && events.size() == before) {
      return refusal;
    }
    throw new AssertionError("not refused without effect: " + reply);
  }

  Found found(EntryCommand.Read command) {
    EntryReply reply = send(command);
    if (reply instanceof Found found) {
      return found;
    }
    throw new AssertionError("not found: " + reply);
  }

  Version version() {
    return ((EntryState.Standing) state).life().version();
  }

  static EntryCommand.Put put(String json) {
    return put(json, Terms.NONE);
  }

  static EntryCommand.Put put(String json, Terms terms) {
    return new EntryCommand.Put(Json.value(json), null, terms);
  }

  static EntryCommand.Put putFrom(double seconds, String json, Terms terms) {
    return new EntryCommand.Put(Json.value(json), instant(seconds), terms);
  }

  static EntryCommand.Patch merge(String json, Terms terms) {
    return new EntryCommand.Patch(new Change.MergePatch(Json.value(json)), terms);
  }

  static EntryCommand.Increment increment(String by, String initial, Terms terms) {
    return new EntryCommand.Increment(Json.value(by), Json.value(initial), terms);
  }

  static EntryCommand.Touch touch(Terms terms) {
    return new EntryCommand.Touch(terms);
  }

  static EntryCommand.Delete delete() {
    return new EntryCommand.Delete(Terms.NONE);
  }

  static EntryCommand.Rollback rollback(long revision) {
    return new EntryCommand.Rollback(revision, Terms.NONE);
  }

  static EntryCommand.Read read(long revision) {
    return new EntryCommand.Read(revision, true);
  }

  static Terms ttl(double seconds) {
    return Terms.NONE.with(new Lifespan(Duration.ofMillis(Math.round(seconds * 1000)), null));
  }

  static Terms until(double seconds) {
    return Terms.NONE.with(new Lifespan(null, instant(seconds)));
  }

  static Terms ifMatch(@Nullable Version version) {
    Tags tags = version == null ? Tags.ANY : new Tags(false, Set.of(version));
    return Terms.NONE.with(new Precondition(tags, null));
  }

  static Terms ifNoneMatchAny() {
    return Terms.NONE.with(new Precondition(null, Tags.ANY));
  }
}
