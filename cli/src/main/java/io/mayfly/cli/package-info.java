/** The command line for people: one class per command, each a few requests over HTTP. */
@NullMarked
package io.mayfly.cli;

import org.jspecify.annotations.NullMarked;
