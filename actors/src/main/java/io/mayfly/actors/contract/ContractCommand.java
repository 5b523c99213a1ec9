package io.mayfly.actors.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mayfly.protocol.WireMessage;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractTerms;

/** What can be asked of the registry. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = ContractCommand.Put.class, name = "put"),
  @JsonSubTypes.Type(value = ContractCommand.Withdraw.class, name = "withdraw"),
  @JsonSubTypes.Type(value = ContractCommand.Follow.class, name = "follow"),
})
public sealed interface ContractCommand extends WireMessage {
  /** The mark of a change for which nobody looked at live entries. */
  long UNCHECKED = -1;

  /** Picks the case of this command. */
  <X, R> R match(Cases<X, R> cases, X context);

  /** One method per command. */
  interface Cases<X, R> {
    R put(Put command, X context);

    R withdraw(Withdraw command, X context);

    R follow(Follow command, X context);
  }

  /** A change, which may have to be sent again with the mark of a check. */
  sealed interface Change extends ContractCommand permits Put, Withdraw {
    /** The namespace whose contract changes. */
    String namespace();

    /** The change's conditions. */
    ContractTerms terms();

    /** The same change after live entries were looked at under the contract of this mark. */
    Change checked(long mark);
  }

  /**
   * Stores a document under the next version.
   *
   * @param checked the mark under which live entries were looked at, or {@link #UNCHECKED}
   */
  record Put(ContractDocument document, ContractTerms terms, long checked) implements Change {
    @Override
    public String namespace() {
      return document.namespace();
    }

    @Override
    public Put checked(long mark) {
      return new Put(document, terms, mark);
    }

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.put(this, context);
    }
  }

  /**
   * Withdraws the document of a namespace.
   *
   * @param checked the mark under which live entries were looked at, or {@link #UNCHECKED}
   */
  record Withdraw(String namespace, ContractTerms terms, long checked) implements Change {
    @Override
    public Withdraw checked(long mark) {
      return new Withdraw(namespace, terms, mark);
    }

    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.withdraw(this, context);
    }
  }

  /**
   * Asks for the changes behind one that is known.
   *
   * @param inquiry the asker's own number of the question, which the answer repeats
   * @param after the number of the last change that the asker knows, 0 for none
   */
  record Follow(long inquiry, long after) implements ContractCommand {
    @Override
    public <X, R> R match(Cases<X, R> cases, X context) {
      return cases.follow(this, context);
    }
  }
}
