/** What the actors of keys tell of the time that their steps take. */
@NullMarked
package io.mayfly.actors.telemetry;

import org.jspecify.annotations.NullMarked;
