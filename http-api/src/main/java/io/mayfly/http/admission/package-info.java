/**
 * The door of a node: how many requests it works on at once, whom it refuses first, and how fast it
 * refuses.
 */
@NullMarked
package io.mayfly.http.admission;

import org.jspecify.annotations.NullMarked;
