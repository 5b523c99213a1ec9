/**
 * The embedded store: a Pekko Persistence journal, snapshot store and read journal, and the ledger,
 * all on one RocksDB in one data directory.
 *
 * <p>Invariant: an event, its tag rows, its head and its ledger rows are written in one step, so
 * that none is ever seen without the others.
 */
@NullMarked
package io.mayfly.persistence.rocksdb;

import org.jspecify.annotations.NullMarked;
