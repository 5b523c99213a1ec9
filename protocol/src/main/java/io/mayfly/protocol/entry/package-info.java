/**
 * The entry: one value under one key, with a deadline. Commands go in, replies come out; a refusal
 * is a reply.
 */
@NullMarked
package io.mayfly.protocol.entry;

import org.jspecify.annotations.NullMarked;
