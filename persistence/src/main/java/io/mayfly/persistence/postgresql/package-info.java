/**
 * The store that the nodes of a cluster share, in PostgreSQL: a journal, a snapshot store and the
 * ledger.
 *
 * <p>A key has one row, with its place in its own history and with what the ledger shows of it. An
 * event and its key's row are written in one transaction, and the row is only changed where it
 * still says what the writer believes, so that of two owners of a key one is refused.
 */
@NullMarked
package io.mayfly.persistence.postgresql;

import org.jspecify.annotations.NullMarked;
