/** How messages and events become bytes: CBOR under short names. */
@NullMarked
package io.mayfly.actors.wire;

import org.jspecify.annotations.NullMarked;
