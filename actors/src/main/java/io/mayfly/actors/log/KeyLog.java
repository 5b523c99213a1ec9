package io.mayfly.actors.log;

import io.mayfly.protocol.contract.Contracts;
import io.mayfly.protocol.contract.LogNames;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Version;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The lines of the log about one key, in the vocabulary of {@code docs/OBSERVABILITY.md}. Made when
 * there is a line to write: a key that nothing is told of holds none.
 *
 * <p>Invariant: of a key whose contract is confidential a line shows a hash, and of a failure no
 * words.
 */
public final class KeyLog {
  /** Tells every change of every key, at {@link Level#DEBUG}. */
  private static final Logger EVENTS = LoggerFactory.getLogger("io.mayfly.events");

  private static final Logger LOG = LoggerFactory.getLogger(KeyLog.class);
  private static final int TRACE_ID = 3;
  private static final int TRACE_ID_LENGTH = 32;

  private final LogNames names;
  private final String namespace;
  private final String key;
  private final String shard;

  /**
   * What happened to a key.
   *
   * @param version absent where nothing has one
   * @param reason only for ends
   */
  public record Change(
      String event, @Nullable Version version, @Nullable String reason, Origin origin) {}

  /** The log of the key that an actor under its shard is. */
  public static KeyLog of(ActorRef<?> actor, Contracts contracts, String namespace, String key) {
    return new KeyLog(contracts, namespace, key, actor.path().parent().name());
  }

  private KeyLog(Contracts contracts, String namespace, String key, String shard) {
    this.names = new LogNames(contracts);
    this.namespace = namespace;
    this.key = key;
    this.shard = shard;
  }

  /** Whether changes are told. */
  public static boolean tellsChanges() {
    return EVENTS.isDebugEnabled();
  }

  /**
   * Events happened to the key.
   *
   * @param change what an event is told as; absent when it is silent
   */
  public <E> void changed(List<E> events, Function<E, @Nullable Change> change) {
    for (E event : events) {
      Change told = change.apply(event);
      if (told != null) {
        about(told, named(EVENTS.atDebug())).log("a key changed");
      }
    }
  }

  /**
   * The journal did not confirm events; the first of them that is not silent is told.
   *
   * @param change what an event is told as; absent when it is silent
   */
  public <E> void unconfirmed(
      List<E> events, Function<E, @Nullable Change> change, Throwable failure) {
    LoggingEventBuilder line = trouble(Level.ERROR, failure);
    for (E event : events) {
      Change told = change.apply(event);
      if (told != null) {
        line = about(told, line);
        break;
      }
    }
    line.log("the journal did not confirm what happened to a key");
  }

  /** The key could not be read back. */
  public void unread(Throwable failure) {
    trouble(Level.ERROR, failure).log("a key cannot be read from its journal");
  }

  /** The actor of the key failed where nothing may fail. */
  public void broken(Throwable failure) {
    trouble(Level.ERROR, failure).log("the actor of a key failed, and begins anew");
  }

  /** What grew old in the journal could not be put together or removed. */
  public void unkept(Throwable failure) {
    trouble(Level.WARN, failure).log("the journal of a key could not be made shorter");
  }

  private LoggingEventBuilder trouble(Level level, Throwable failure) {
    return named(LOG.atLevel(level)).setCause(names.failure(namespace, failure));
  }

  private LoggingEventBuilder named(LoggingEventBuilder line) {
    return line.addKeyValue("namespace", namespace)
        .addKeyValue("key", names.key(namespace, key))
        .addKeyValue("shard", shard);
  }

  private static LoggingEventBuilder about(Change change, LoggingEventBuilder line) {
    Version version = change.version();
    add(line, "event", change.event());
    add(line, "incarnation", version == null ? null : version.incarnation());
    add(line, "revision", version == null ? null : version.revision());
    add(line, "reason", change.reason());
    add(line, "producer", change.origin().producer());
    add(line, "caller", change.origin().caller());
    String trace = change.origin().traceparent();
    add(
        line,
        "traceId",
        trace == null ? null : trace.substring(TRACE_ID, TRACE_ID + TRACE_ID_LENGTH));
    return line;
  }

  private static void add(LoggingEventBuilder line, String name, @Nullable Object value) {
    if (value != null) {
      var unused = line.addKeyValue(name, value);
    }
  }
}
