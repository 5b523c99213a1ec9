/** What happens to entries, in order: the events that watchers see, and the port to them. */
@NullMarked
package io.mayfly.protocol.feed;

import org.jspecify.annotations.NullMarked;
