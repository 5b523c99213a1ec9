package io.mayfly.protocol.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import java.util.List;

/** What the registry of contracts answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = ContractReply.Stored.class, name = "stored"),
  @JsonSubTypes.Type(value = ContractReply.Withdrawn.class, name = "withdrawn"),
  @JsonSubTypes.Type(value = ContractReply.Found.class, name = "found"),
  @JsonSubTypes.Type(value = ContractReply.Listed.class, name = "listed"),
  @JsonSubTypes.Type(value = ContractRefusal.class, name = "refusal"),
})
public sealed interface ContractReply extends WireMessage
    permits ContractReply.Stored,
        ContractReply.Withdrawn,
        ContractReply.Found,
        ContractReply.Listed,
        ContractRefusal {

  /** Picks the case of this reply. */
  <R> R match(Cases<R> cases);

  /** One method per reply. */
  interface Cases<R> {
    R stored(Stored reply);

    R withdrawn(Withdrawn reply);

    R found(Found reply);

    R listed(Listed reply);

    R refused(ContractRefusal reply);
  }

  /**
   * The document is in force: journaled, and seen by every later request to this node.
   *
   * @param created whether the namespace had none before
   */
  record Stored(ContractDocument document, boolean created) implements ContractReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.stored(this);
    }
  }

  /**
   * The namespace has no contract of its own any more.
   *
   * @param version the last one that it had
   */
  record Withdrawn(long version) implements ContractReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.withdrawn(this);
    }
  }

  /** The document in force. */
  record Found(ContractDocument document) implements ContractReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.found(this);
    }
  }

  /** All documents in the order of their namespaces. */
  record Listed(List<ContractDocument> documents) implements ContractReply {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.listed(this);
    }
  }
}
