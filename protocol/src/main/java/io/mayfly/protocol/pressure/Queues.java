package io.mayfly.protocol.pressure;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.lease.LeaseId;
import java.util.Map;

/**
 * The port to the queues of commands that lead from a node to its keys. Every method may be called
 * from any thread.
 */
public interface Queues {
  /** No queues. */
  Queues NONE =
      new Queues() {
        @Override
        public boolean crowded() {
          return false;
        }

        @Override
        public Fill of(EntryId id) {
          return Fill.NONE;
        }

        @Override
        public Fill of(LeaseId id) {
          return Fill.NONE;
        }

        @Override
        public Fill of(String namespace) {
          return Fill.NONE;
        }

        @Override
        public Map<String, Fill> fullest() {
          return Map.of();
        }
      };

  /**
   * Whether any queue was more than half full within the last second. Costs next to nothing, so
   * that it can be asked for every answer.
   */
  boolean crowded();

  /** The queue of one key. */
  Fill of(EntryId id);

  /** The queue of one resource. */
  Fill of(LeaseId id);

  /** The queue of a namespace. */
  Fill of(String namespace);

  /** The fullest queue of each kind, by the name of the kind. Looks at every queue. */
  Map<String, Fill> fullest();
}
