package io.mayfly.protocol.entry;

import io.mayfly.protocol.WireMessage;

/**
 * One broken rule.
 *
 * @param rule the dotted path in the contract, or the rule of the request
 * @param pointer a JSON pointer into the value or document; empty for the whole
 * @param detail one sentence for people
 */
public record Violation(String rule, String pointer, String detail) implements WireMessage {}
