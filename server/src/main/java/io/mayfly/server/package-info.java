/** The only main: reads the configuration, wires the parts, starts and stops them in order. */
@NullMarked
package io.mayfly.server;

import org.jspecify.annotations.NullMarked;
