package io.mayfly.actors.contract;

import io.mayfly.protocol.contract.Contract;

/**
 * What the registry decides by.
 *
 * @param standard the contract of a namespace without one
 * @param contractsMax the most documents, and the most namespaces whose last version is remembered
 * @param schemaBytesMax the most bytes of all schemas together
 * @param changesMax the most changes in one answer to a follower
 * @param changesBytesMax the bytes of schemas after which such an answer ends
 */
public record ContractRules(
    Contract standard,
    int contractsMax,
    long schemaBytesMax,
    int changesMax,
    long changesBytesMax) {}
