/** Tests of the wiring, of the configuration, and of the arrows between the modules. */
@NullMarked
package io.mayfly.server;

import org.jspecify.annotations.NullMarked;
