package io.mayfly.protocol.contract;

/** The contracts in force. */
public interface Contracts {
  /** The contract of the namespace, or the default one. Never blocks. */
  Contract of(String namespace);
}
