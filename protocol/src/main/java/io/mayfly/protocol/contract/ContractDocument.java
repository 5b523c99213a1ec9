package io.mayfly.protocol.contract;

import io.mayfly.protocol.WireMessage;

/**
 * A contract as it was agreed on: who owns it, what for, and its rules.
 *
 * @param version 1 for the first document of the namespace, one more for each after it; 0 before
 *     the document is stored
 * @param owner who answers for the contract; empty when nobody is named
 * @param description what the namespace is for; may be empty
 */
public record ContractDocument(
    String namespace, long version, String owner, String description, Contract contract)
    implements WireMessage {
  /** The most characters of an owner. */
  public static final int OWNER_LENGTH_MAX = 128;

  /** The most characters of a description. */
  public static final int DESCRIPTION_LENGTH_MAX = 2_048;

  /** The same document under another version. */
  public ContractDocument withVersion(long other) {
    return new ContractDocument(namespace, other, owner, description, contract);
  }
}
