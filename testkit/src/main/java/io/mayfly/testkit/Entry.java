package io.mayfly.testkit;

import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Version;
import java.time.Duration;
import java.util.Set;

/**
 * A request to an entry: first its terms, then what it asks.
 *
 * <pre>{@code
 * Entry.of("carts/alice").lasting(Duration.ofMinutes(10)).once("request-7").put("[]")
 * }</pre>
 */
public record Entry(EntryId id, Terms terms) {
  /**
   * An entry, without any terms.
   *
   * @param name the namespace, a slash, the key
   */
  public static Entry of(String name) {
    return new Entry(EntryId.parse(name), Terms.NONE);
  }

  /** With this time to live from now on. */
  public Entry lasting(Duration ttl) {
    return with(terms.with(new Lifespan(ttl, null)));
  }

  /**
   * With an idempotency key: however often it arrives, it has one effect. A client of a simulation
   * repeats it when it does not learn what came of it.
   */
  public Entry once(String idempotencyKey) {
    return with(terms.with(new RetryKey(idempotencyKey, idempotencyKey, false)));
  }

  /** Under the token of a lease. */
  public Entry fenced(long token) {
    return with(terms.withFence(token));
  }

  /** Only while this is the version that stands. */
  public Entry ifMatch(Version version) {
    Precondition.Tags tags = new Precondition.Tags(false, Set.of(version));
    return with(terms.with(new Precondition(tags, null)));
  }

  private Entry with(Terms other) {
    return new Entry(id, other);
  }

  /** Creates or replaces. */
  public Behaviour.Ask put(String json) {
    return new Behaviour.Ask(id, new EntryCommand.Put(JsonText.value(json), null, terms));
  }

  /** Changes a part of the value by JSON Merge Patch (RFC 7396). */
  public Behaviour.Ask patch(String mergePatch) {
    return new Behaviour.Ask(
        id, new EntryCommand.Patch(new Change.MergePatch(JsonText.value(mergePatch)), terms));
  }

  /** Adds to a number, or creates it as this number. */
  public Behaviour.Ask increment(long by) {
    return new Behaviour.Ask(
        id,
        new EntryCommand.Increment(JsonText.value(Long.toString(by)), JsonText.value("0"), terms));
  }

  /** Renews the deadline. */
  public Behaviour.Ask touch() {
    return new Behaviour.Ask(id, new EntryCommand.Touch(terms));
  }

  /** Ends the entry. */
  public Behaviour.Ask delete() {
    return new Behaviour.Ask(id, new EntryCommand.Delete(terms));
  }

  /** Reads, whatever the terms. */
  public Behaviour.Ask read() {
    return new Behaviour.Ask(id, EntryCommand.Read.CURRENT);
  }
}
