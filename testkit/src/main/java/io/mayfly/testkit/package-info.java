/**
 * Keys under virtual time, for tests of a contract without a server.
 *
 * <pre>{@code
 * SimulatedKey cart = SimulatedKey.under(contract);
 * cart.put(JsonText.value("{\"items\":1}"), Terms.NONE);
 * cart.advance(Duration.ofMinutes(10));
 * cart.crash();
 * cart.get();                                    // Found: the journal brought it back
 * cart.advance(Duration.ofMinutes(5));
 * cart.get();                                    // Refusal: KEY_ENDED, expired
 * cart.terminalEvents();                         // the one end
 * }</pre>
 *
 * <p>The rules are the real ones, from {@code io.mayfly.actors.entry}. What is not simulated:
 * several keys, messages, moves between nodes, writes that fail.
 */
@NullMarked
package io.mayfly.testkit;

import org.jspecify.annotations.NullMarked;
