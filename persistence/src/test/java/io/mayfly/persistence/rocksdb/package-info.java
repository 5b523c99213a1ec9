/** Tests of the embedded store. */
@NullMarked
package io.mayfly.persistence.rocksdb;

import org.jspecify.annotations.NullMarked;
