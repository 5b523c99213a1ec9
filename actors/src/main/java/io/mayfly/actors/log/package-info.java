/** What the log tells of a key, in one vocabulary. */
@NullMarked
package io.mayfly.actors.log;

import org.jspecify.annotations.NullMarked;
