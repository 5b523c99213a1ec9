/**
 * The one registry of all contracts: which document each namespace has, and every version it had.
 *
 * <p>One journaled entity holds all documents. A change is decided against the current version, so
 * that of two changes under the same condition one is refused. A change that live entries could
 * stand against is not decided until somebody has looked at them: the entity answers {@link
 * io.mayfly.actors.contract.ContractAnswer.CheckNeeded}, and takes the same command again with the
 * mark of what was checked.
 *
 * <p>Every change has a number, over all namespaces. A reader that has seen all changes up to one
 * asks for those after it.
 */
@NullMarked
package io.mayfly.actors.contract;

import org.jspecify.annotations.NullMarked;
