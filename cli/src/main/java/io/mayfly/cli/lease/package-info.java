/** A lease that is held while a program runs. */
@NullMarked
package io.mayfly.cli.lease;

import org.jspecify.annotations.NullMarked;
