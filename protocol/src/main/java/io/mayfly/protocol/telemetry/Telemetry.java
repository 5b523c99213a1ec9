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

  /** An incarnation began. */
  default void created(String namespace) {}

  /**
   * An incarnation ended.
   *
   * @param lifetime from the creation to the end
   * @param lateness from the end to its announcement
   */
  default void ended(String namespace, EndReason reason, Duration lifetime, Duration lateness) {}

  /** A mutation was decided and not applied, since its transition is in shadow. */
  default void shadowed(String namespace, Transition transition) {}

  /**
   * A command was refused.
   *
   * @param namespace empty when the command was about none
   */
  default void refused(String namespace, Refusal.Reason reason) {}

  /**
   * How full a queue of the node is.
   *
   * @param name which one; of a kind with many, the fullest
   */
  default void queue(String name, long depth, long limit) {}

  /** How many entries of a namespace have not ended on this node. */
  default void standing(String namespace, long entries) {}
}
