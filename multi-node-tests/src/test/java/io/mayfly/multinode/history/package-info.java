/** What is known of each key: what was acknowledged, and what the server tells. */
@NullMarked
package io.mayfly.multinode.history;

import org.jspecify.annotations.NullMarked;
