/** The tools of other languages, with which the clients of Mayfly are built and tested. */
@NullMarked
package io.mayfly.multinode.toolchain;

import org.jspecify.annotations.NullMarked;
