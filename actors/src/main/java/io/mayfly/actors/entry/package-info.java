/**
 * The entry: a value under a key, from creation to its one end.
 *
 * <pre>
 *   Absent ──put──► Pending ──not-before──► Live ──deadline, delete──► Ended ──tombstone──► Absent
 *      └──put, increment──────────────────────▲                          └──put, increment──► Live
 * </pre>
 *
 * All rules are in the four states, as {@code (command, situation) → decision}, and in the events,
 * as {@code state → state}. {@link io.mayfly.actors.entry.EntryEntity} and {@link
 * io.mayfly.actors.entry.VolatileEntryEntity} host them and have no rules of their own.
 *
 * <p>Invariants: a deadline is an absolute instant inside the event that set it. At {@code now ≥
 * deadline} no state shows a value. An incarnation has one {@link
 * io.mayfly.actors.entry.EntryEvent.Ended}.
 */
@NullMarked
package io.mayfly.actors.entry;

import org.jspecify.annotations.NullMarked;
