package io.mayfly.actors.contract;

import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All documents, and the last version of every namespace that had one.
 *
 * @param slots what is known of each namespace
 * @param head the number of the last change
 * @param floorVersion at least the last version of every namespace that is forgotten
 * @param forgottenNumber the highest number of a change that is forgotten
 */
public record ContractState(
    Map<String, Slot> slots, long head, long floorVersion, long forgottenNumber)
    implements WireMessage {
  private static final int RULES_BYTES = 1_024;

  /** No contract, and never one. */
  static final ContractState INITIAL = new ContractState(Map.of(), 0, 0, 0);

  /**
   * What is known of one namespace.
   *
   * @param number of its last change
   * @param version the last one that it had
   * @param document absent when it was withdrawn
   */
  public record Slot(long number, long version, @Nullable ContractDocument document)
      implements WireMessage {
    /** About the bytes that the document takes. */
    long bytes() {
      if (document == null) {
        return 0;
      }
      Contract contract = document.contract();
      long writers = contract.mutation().writers().stream().mapToLong(String::length).sum();
      long texts = document.owner().length() + 3L * document.description().length();
      return RULES_BYTES
          + writers
          + texts
          + (contract.schema() == null ? 0 : contract.schema().size());
    }
  }

  public ContractState {
    slots = Collections.unmodifiableMap(new TreeMap<>(slots));
  }

  /** What is known of a namespace; of an unknown one, the version that its first one follows. */
  Slot slot(String namespace) {
    Slot slot = slots.get(namespace);
    return slot == null ? new Slot(0, floorVersion, null) : slot;
  }

  long documents() {
    return slots.values().stream().filter(slot -> slot.document() != null).count();
  }

  long bytes() {
    return slots.values().stream().mapToLong(Slot::bytes).sum();
  }

  /** The last change of each namespace that lies behind this one, in the order of the changes. */
  List<Map.Entry<String, Slot>> changesAfter(long number) {
    if (number >= head) {
      return List.of();
    }
    return slots.entrySet().stream()
        .filter(slot -> slot.getValue().number() > number)
        .sorted(Comparator.comparingLong(slot -> slot.getValue().number()))
        .toList();
  }

  ContractState with(String namespace, Slot slot) {
    Map<String, Slot> all = new TreeMap<>(slots);
    all.put(namespace, slot);
    return new ContractState(all, slot.number(), floorVersion, forgottenNumber);
  }

  ContractState without(String namespace) {
    Slot slot = slot(namespace);
    Map<String, Slot> all = new TreeMap<>(slots);
    all.remove(namespace);
    return new ContractState(
        all,
        head,
        Math.max(floorVersion, slot.version()),
        Math.max(forgottenNumber, slot.number()));
  }
}
