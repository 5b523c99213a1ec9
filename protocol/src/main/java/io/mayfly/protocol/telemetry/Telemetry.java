package io.mayfly.protocol.telemetry;

import io.mayfly.protocol.contract.Transition;
import io.mayfly.protocol.entry.EndReason;
import io.mayfly.protocol.entry.Refusal;
import java.time.Duration;

/**
 * The port to a node's instruments. Every method may be called from any thread for every request,
 * costs well under a microsecond, and never fails.
 */
public interface Telemetry {
  /** Nobody listens. */
  Telemetry NONE = new Telemetry() {};

  /** Who follows single requests. */
  default Tracing tracing() {
    return Tracing.OFF;
  }

  /** An incarnation began. */
  default void created(String namespace) {}

  /**
   * An incarnation ended.
   *
   * @param lifetime from the creation to the end
   * @param lateness from the end to its announcement
   */
  default void ended(String namespace, EndReason reason, Duration lifetime, Duration lateness) {}

  /** Every byte of an ended key is gone. */
  default void purged(String namespace) {}

  /** A mutation was decided and not applied, since its transition is in shadow. */
  default void shadowed(String namespace, Transition transition) {}

  /**
   * A command was refused.
   *
   * @param namespace empty when the command was about none
   */
  default void refused(String namespace, Refusal.Reason reason) {}

  /**
   * A request to a key waited for its turn.
   *
   * @param nanos from being sent to being begun, for a key on the node that sent it
   */
  default void waited(Kind kind, long nanos) {}

  /**
   * The journal has the events of a command.
   *
   * @param nanos from handing them over to being told so
   */
  default void written(Kind kind, long nanos) {}

  /**
   * A key came back into memory, or into it for the first time.
   *
   * @param nanos from the start of its actor to its first command
   */
  default void recovered(Kind kind, long nanos) {}

  /** A snapshot was stored. */
  default void snapshotStored(Kind kind) {}

  /** The actor of a key left the memory: idle, pushed out, purged or handed over. */
  default void passivated(Kind kind) {}

  /**
   * A lease was given.
   *
   * @param waitedNanos how long its holder had waited in the queue
   */
  default void leaseGranted(String namespace, long waitedNanos) {}

  /** So many more leases stand in this node's memory; less than 0 for fewer. */
  default void leasesHeld(String namespace, int more) {}

  /** So many more acquires wait through this node; less than 0 for fewer. */
  default void leasesWaiting(String namespace, int more) {}

  /** So many clients watch through this node. */
  default void watchers(int count) {}

  /** Watchers were told of an event so long after it happened. */
  default void watchLag(String namespace, Duration lag) {}

  /**
   * A request was answered.
   *
   * @param operation one of the API's operations
   * @param nanos from its head to the head of the answer
   */
  default void answered(String operation, int status, long nanos) {}

  /**
   * A request was answered with a problem.
   *
   * @param type the name of one of the API's problems
   */
  default void problem(String type) {}

  /**
   * How full a queue of the node is.
   *
   * @param name which one; of a kind with many, the fullest
   */
  default void queue(String name, long depth, long limit) {}
}
