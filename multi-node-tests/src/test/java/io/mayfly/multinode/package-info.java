/** Real server processes, broken on purpose: what must hold after each fault. */
@NullMarked
package io.mayfly.multinode;

import org.jspecify.annotations.NullMarked;
