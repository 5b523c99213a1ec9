/** What is remembered for a while under a name: answers to requests, producers' last mutations. */
@NullMarked
package io.mayfly.actors.recent;

import org.jspecify.annotations.NullMarked;
