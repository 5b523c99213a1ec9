/** The contract of a namespace: what its entries may be and do. */
@NullMarked
package io.mayfly.protocol.contract;

import org.jspecify.annotations.NullMarked;
