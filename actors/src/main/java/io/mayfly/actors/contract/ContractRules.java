package io.mayfly.actors.contract;

import io.mayfly.protocol.contract.Contract;

/**
 * What the registry decides by.
 *
 * @param standard the contract of a namespace without one
 * @param contractsMax the most documents, and the most namespaces whose last version is remembered
 * @param bytesMax about the most bytes of all documents together
 * @param changesMax the most changes in one answer to a follower
 * @param changesBytesMax about the bytes of documents after which such an answer ends
 */
public record ContractRules(
    Contract standard, int contractsMax, long bytesMax, int changesMax, long changesBytesMax) {}
