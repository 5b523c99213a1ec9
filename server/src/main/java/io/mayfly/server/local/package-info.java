/** A whole cluster on one machine: a database and the processes of its nodes. */
@NullMarked
package io.mayfly.server.local;

import org.jspecify.annotations.NullMarked;
