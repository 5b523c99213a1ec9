package io.mayfly.actors.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.Contract;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the registry's entity answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = ContractAnswer.Decided.class, name = "decided"),
  @JsonSubTypes.Type(value = ContractAnswer.CheckNeeded.class, name = "check-needed"),
  @JsonSubTypes.Type(value = ContractAnswer.Changes.class, name = "changes"),
})
public sealed interface ContractAnswer extends WireMessage {

  /**
   * The change was carried out or refused.
   *
   * @param number the number of the change; 0 when nothing changed
   */
  record Decided(ContractReply reply, long number) implements ContractAnswer {}

  /**
   * Nothing was decided: live entries could stand against the change.
   *
   * @param mark what to send the change again with
   * @param current the contract in force under this mark
   * @param version its version; 0 for the default contract
   */
  record CheckNeeded(long mark, Contract current, long version) implements ContractAnswer {}

  /**
   * Some of the changes behind the one asked for, in their order; only the last one of each
   * namespace.
   *
   * @param inquiry the number of the question
   * @param after the change that the question named
   * @param anew whether the asker must forget all that it knew
   * @param upTo the change up to which the asker knows all with these
   * @param head the last change there is
   */
  record Changes(
      long inquiry, long after, boolean anew, long upTo, long head, List<Changed> changed)
      implements ContractAnswer {}

  /**
   * The last change of one namespace.
   *
   * @param document absent when the contract was withdrawn
   */
  record Changed(String namespace, @Nullable ContractDocument document) implements WireMessage {}
}
